from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.cell import Cell


T = TypeVar("T", bound="CurrentState")


@_attrs_define
class CurrentState:
    """The live deployments of all matching services and environments."""

    at: datetime.datetime
    """ The time that the state describes. """
    cells: list[Cell]
    """ The live deployments, ordered by service, then by environment. A service that is not deployed in an
    environment has no cell for it. """
    seq: int
    """ The `seq` of the latest event included. Later events have a greater `seq`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = to_json(self.at)

        cells = []
        for cells_item_data in self.cells:
            cells_item = to_json(cells_item_data)
            cells.append(cells_item)

        seq = self.seq

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "cells": cells,
                "seq": seq,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cell import Cell  # noqa: PLC0415

        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        cells = []
        _cells = d.pop("cells")
        for cells_item_data in _cells:
            cells_item = Cell.from_dict(cells_item_data)

            cells.append(cells_item)

        seq = d.pop("seq")

        current_state = cls(
            at=at,
            cells=cells,
            seq=seq,
        )

        current_state.additional_properties = d
        return current_state

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
