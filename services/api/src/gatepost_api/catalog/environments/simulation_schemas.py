"""Requests and responses of policy simulations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from gatepost_api.catalog.environments.policy_bodies import PolicyBody
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
    """The proposed policy. An omitted field takes its default, not its current value."""
    since: Instant | None = None
    """The start of the period. Default: 90 days before its end."""
    until: Instant | None = None
    """The end of the period, exclusive. Default: now."""


class SimulatedGate(ResponseModel):
    """The deployments that one gate would have held or refused."""

    kind: GateKind
    count: int
    """The number of deployments that this gate would have held or refused."""
    numbers: list[str]
    """Up to 50 of the deployments held or refused, most recently requested first."""


class PolicySimulation(ResponseModel):
    """What a policy would have done to the deployments of a period."""

    considered: int
    """The number of deployments evaluated: those that started, and the records."""
    passed: int
    """The number of deployments that would have started at the same time as they actually did."""
    held: int
    """The number of deployments that would have had to wait for a gate."""
    refused: int
    """The number of deployments that would have expired, or whose start would have been refused."""
    by_gate: list[SimulatedGate]
    """The gates in evaluation order. Each held or refused deployment counts once, at the first gate
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
