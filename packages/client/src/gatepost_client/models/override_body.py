from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.gate_kind import GateKind
from ..plain_values import to_json

T = TypeVar("T", bound="OverrideBody")


@_attrs_define
class OverrideBody:
    """The gate to override and the reason."""

    gate: GateKind
    """ The kind of a gate: what it waits for before the deployment can start. """
    reason: str
    """ The reason for bypassing a rule. Recorded permanently. """

    def to_dict(self) -> dict[str, Any]:
        gate = to_json(self.gate)

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "gate": gate,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        gate = GateKind(d.pop("gate"))

        reason = d.pop("reason")

        override_body = cls(
            gate=gate,
            reason=reason,
        )

        return override_body
