from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.simulated_gate import SimulatedGate


T = TypeVar("T", bound="PolicySimulation")


@_attrs_define
class PolicySimulation:
    """What a policy would have done to the deployments of a period."""

    by_gate: list[SimulatedGate]
    """ The gates in evaluation order. Each held or refused deployment counts once, at the first gate that it does
    not pass. """
    considered: int
    """ The number of deployments evaluated: those that started, and the records. """
    held: int
    """ The number of deployments that would have had to wait for a gate. """
    passed: int
    """ The number of deployments that would have started at the same time as they actually did. """
    refused: int
    """ The number of deployments that would have expired, or whose start would have been refused. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        by_gate = []
        for by_gate_item_data in self.by_gate:
            by_gate_item = to_json(by_gate_item_data)
            by_gate.append(by_gate_item)

        considered = self.considered

        held = self.held

        passed = self.passed

        refused = self.refused

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "by_gate": by_gate,
                "considered": considered,
                "held": held,
                "passed": passed,
                "refused": refused,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.simulated_gate import SimulatedGate  # noqa: PLC0415

        d = dict(src_dict)
        by_gate = []
        _by_gate = d.pop("by_gate")
        for by_gate_item_data in _by_gate:
            by_gate_item = SimulatedGate.from_dict(by_gate_item_data)

            by_gate.append(by_gate_item)

        considered = d.pop("considered")

        held = d.pop("held")

        passed = d.pop("passed")

        refused = d.pop("refused")

        policy_simulation = cls(
            by_gate=by_gate,
            considered=considered,
            held=held,
            passed=passed,
            refused=refused,
        )

        policy_simulation.additional_properties = d
        return policy_simulation

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
