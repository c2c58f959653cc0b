"""The lane gate."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def lane_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Open while nothing is started in the lane."""
    busy = context.lane.started
    where = f"{deployment.service} in {deployment.environment}"
    if busy is None:
        return Gate(
            kind=GateKind.LANE,
            state=GateState.OPEN,
            code="lane_free",
            message=f"Nothing is under way for {where}.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.LANE,
        state=GateState.WAITING,
        code="lane_busy",
        message=f"DEP-{busy.number} ({busy.version}) is under way for {where}; "
        "it must succeed, fail or be rolled back first.",
        since=busy.since,
        opens_at=None,
        who_can_act=roles_with(Right.OPERATE),
    )
