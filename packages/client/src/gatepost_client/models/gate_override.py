from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.gate_kind import GateKind

T = TypeVar("T", bound="GateOverride")


@_attrs_define
class GateOverride:
    """An override of one gate."""

    actor: str
    at: datetime.datetime
    code: str
    """ The reason code of the gate that was overridden. The override does not apply if the gate closes for another
    reason. """
    gate: GateKind
    """ What a deployment waits for before it can start. """
    reason: str

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = self.at.isoformat()

        code = self.code

        gate = self.gate.value

        reason = self.reason

        field_dict: dict[str, Any] = {}

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

        return gate_override
