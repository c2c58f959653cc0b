"""The lane gate, which allows one deployment at a time in a lane."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def lane_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which is open while no deployment in the lane is in progress."""
    started = context.lane.started
    service, environment = deployment.service, deployment.environment
    if started is None:
        return Gate(
            kind=GateKind.LANE,
            state=GateState.OPEN,
            code="lane_free",
            message=f"No deployment of {service} is in progress in {environment}.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.LANE,
        state=GateState.WAITING,
        code="lane_busy",
        message=f"{format_number(started.number)} ({started.version}) is in progress. No other "
        f"deployment of {service} can start in {environment} until it succeeds, fails or is "
        "rolled back.",
        since=started.since,
        opens_at=None,
        who_can_act=roles_with_any(Right.OPERATE),
    )
