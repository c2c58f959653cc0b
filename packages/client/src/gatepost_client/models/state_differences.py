from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.cell_difference import CellDifference
    from ..models.compared_state import ComparedState


T = TypeVar("T", bound="StateDifferences")


@_attrs_define
class StateDifferences:
    """The differences between two states."""

    cells: list[CellDifference]
    """ The services that differ, ordered by service, then by environment. """
    from_: ComparedState
    """ The time and the environment of one of the two compared states. """
    to: ComparedState
    """ The time and the environment of one of the two compared states. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cells = []
        for cells_item_data in self.cells:
            cells_item = to_json(cells_item_data)
            cells.append(cells_item)

        from_ = to_json(self.from_)

        to = to_json(self.to)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cells": cells,
                "from": from_,
                "to": to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cell_difference import CellDifference  # noqa: PLC0415
        from ..models.compared_state import ComparedState  # noqa: PLC0415

        d = dict(src_dict)
        cells = []
        _cells = d.pop("cells")
        for cells_item_data in _cells:
            cells_item = CellDifference.from_dict(cells_item_data)

            cells.append(cells_item)

        from_ = ComparedState.from_dict(d.pop("from"))

        to = ComparedState.from_dict(d.pop("to"))

        state_differences = cls(
            cells=cells,
            from_=from_,
            to=to,
        )

        state_differences.additional_properties = d
        return state_differences

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
