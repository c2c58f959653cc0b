from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gate_kind import GateKind
from ..plain_values import to_json

T = TypeVar("T", bound="GateOverride")


@_attrs_define
class GateOverride:
    """An override of one gate."""

    actor: str
    """ Who overrode the gate. """
    at: datetime.datetime
    """ When the gate was overridden. """
    code: str
    """ The reason code of the gate that was overridden. The override does not apply if the gate closes for another
    reason. """
    gate: GateKind
    """ The kind of a gate: what it waits for before the deployment can start. """
    reason: str
    """ The reason for the override. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = to_json(self.at)

        code = self.code

        gate = to_json(self.gate)

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "at": at,
                "code": code,
                "gate": gate,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        actor = d.pop("actor")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        code = d.pop("code")

        gate = GateKind(d.pop("gate"))

        reason = d.pop("reason")

        gate_override = cls(
            actor=actor,
            at=at,
            code=code,
            gate=gate,
            reason=reason,
        )

        gate_override.additional_properties = d
        return gate_override

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
