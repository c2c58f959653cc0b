from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="QuietHoursBody")


@_attrs_define
class QuietHoursBody:
    """The part of each day in which nothing is sent."""

    end: str
    """ When the quiet hours end; on the next day if this is earlier than the start. """
    start: str
    """ When the quiet hours begin. """

    def to_dict(self) -> dict[str, Any]:
        end = self.end

        start = self.start

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "end": end,
                "start": start,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        end = d.pop("end")

        start = d.pop("start")

        quiet_hours_body = cls(
            end=end,
            start=start,
        )

        return quiet_hours_body
