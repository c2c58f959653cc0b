"""Requests and responses of policy simulations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from gatepost_api.catalog.environments.policy_schemas import PolicyBody
from gatepost_api.schemas.base import Instant, RequestModel, ResponseModel
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.simulation import simulation as domain


class PolicySimulationBody(RequestModel):
    """A policy to try on the history of an environment."""

    example: ClassVar[Mapping[str, object] | None] = {
        "policy": {"requires": ["staging"], "soak_s": 3600}
    }

    policy: PolicyBody
    """The proposed policy. An omitted field has its default, not its current value."""
    since: Instant | None = None
    """The start of the period. Default: 90 days before its end."""
    until: Instant | None = None
    """The end of the period, exclusive. Default: now."""


class SimulatedGate(ResponseModel):
    """The deployments that one gate would have held or refused."""

    kind: GateKind
    count: int
    """How many deployments stop at this gate."""
    numbers: list[str]
    """The deployments, most recently requested first: up to 50."""


class PolicySimulation(ResponseModel):
    """What a policy would have done to the deployments of a period."""

    considered: int
    """The deployments that were evaluated: those that started, and the records."""
    passed: int
    """Those that would have started when they did."""
    held: int
    """Those that would have waited for a gate."""
    refused: int
    """Those that would have been cancelled, or whose start would have been refused."""
    by_gate: list[SimulatedGate]
    """In evaluation order. Each deployment that is held or refused counts once, at the first gate
    that it does not pass."""

    @classmethod
    def from_domain(cls, simulation: domain.Simulation) -> Self:
        """Map a domain simulation to its response."""
        return cls(
            considered=simulation.considered,
            passed=simulation.passed,
            held=simulation.held,
            refused=simulation.refused,
            by_gate=[
                SimulatedGate(
                    kind=gate.kind,
                    count=gate.count,
                    numbers=[format_number(number) for number in gate.numbers],
                )
                for gate in simulation.by_gate
            ],
        )
