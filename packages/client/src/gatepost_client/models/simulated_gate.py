from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gate_kind import GateKind
from ..plain_values import to_json

T = TypeVar("T", bound="SimulatedGate")


@_attrs_define
class SimulatedGate:
    """The deployments that one gate would have held or refused."""

    count: int
    """ The number of deployments that this gate would have held or refused. """
    kind: GateKind
    """ The kind of a gate: what it waits for before the deployment can start. """
    numbers: list[str]
    """ Up to 50 of the deployments held or refused, most recently requested first. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        kind = to_json(self.kind)

        numbers = self.numbers

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "count": count,
                "kind": kind,
                "numbers": numbers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        count = d.pop("count")

        kind = GateKind(d.pop("kind"))

        numbers = cast(list[str], d.pop("numbers"))

        simulated_gate = cls(
            count=count,
            kind=kind,
            numbers=numbers,
        )

        simulated_gate.additional_properties = d
        return simulated_gate

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
