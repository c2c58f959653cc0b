from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BreakGlassBody")


@_attrs_define
class BreakGlassBody:
    """The reason for bypassing approval, and the incident."""

    incident: str
    """ The id or name of the incident. """
    reason: str
    """ The reason for bypassing a rule. Recorded permanently. """
    start: bool | Unset = UNSET
    """ Whether to start the deployment as well. If the caller may not start it or a gate is closed, the deployment
    is only approved. """

    def to_dict(self) -> dict[str, Any]:
        incident = self.incident

        reason = self.reason

        start = self.start

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "incident": incident,
                "reason": reason,
            }
        )
        if start is not UNSET:
            field_dict["start"] = start

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        incident = d.pop("incident")

        reason = d.pop("reason")

        start = d.pop("start", UNSET)

        break_glass_body = cls(
            incident=incident,
            reason=reason,
            start=start,
        )

        return break_glass_body
