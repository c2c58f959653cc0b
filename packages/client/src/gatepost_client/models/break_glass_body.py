from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="BreakGlassBody")


@_attrs_define
class BreakGlassBody:
    """The reason for bypassing approval."""

    incident: str
    """ The incident id or name. """
    reason: str
    """ The reason for bypassing a rule. Recorded permanently. """

    def to_dict(self) -> dict[str, Any]:
        incident = self.incident

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "incident": incident,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        incident = d.pop("incident")

        reason = d.pop("reason")

        break_glass_body = cls(
            incident=incident,
            reason=reason,
        )

        return break_glass_body
