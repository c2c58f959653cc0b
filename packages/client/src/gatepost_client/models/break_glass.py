from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="BreakGlass")


@_attrs_define
class BreakGlass:
    """An approval that bypassed the reviewers."""

    actor: str
    at: datetime.datetime
    incident: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = self.at.isoformat()

        incident = self.incident

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "actor": actor,
                "at": at,
                "incident": incident,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        actor = d.pop("actor")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        incident = d.pop("incident")

        reason = d.pop("reason")

        break_glass = cls(
            actor=actor,
            at=at,
            incident=incident,
            reason=reason,
        )

        return break_glass
