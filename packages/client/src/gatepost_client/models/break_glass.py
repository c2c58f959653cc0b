from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="BreakGlass")


@_attrs_define
class BreakGlass:
    """An approval that bypassed the reviewers."""

    actor: str
    """ Who used break-glass. """
    at: datetime.datetime
    """ When break-glass was used. """
    incident: str
    """ The incident that made break-glass necessary. """
    reason: str
    """ Why the deployment could not wait for its reviewers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = to_json(self.at)

        incident = self.incident

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        break_glass.additional_properties = d
        return break_glass

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
