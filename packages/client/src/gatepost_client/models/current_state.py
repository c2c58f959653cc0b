from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.cell import Cell


T = TypeVar("T", bound="CurrentState")


@_attrs_define
class CurrentState:
    """The live deployments of all matching services and environments."""

    at: datetime.datetime
    """ The time that the state describes. """
    cells: list[Cell]
    """ The live deployments, by service, then by environment. There is no cell if nothing is deployed. """
    seq: int
    """ The `seq` of the latest event included. Later events have a greater `seq`. """

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        cells = []
        for cells_item_data in self.cells:
            cells_item = cells_item_data.to_dict()
            cells.append(cells_item)

        seq = self.seq

        field_dict: dict[str, Any] = {}

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

        return current_state
