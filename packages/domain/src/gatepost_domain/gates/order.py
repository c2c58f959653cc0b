"""The order gate."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def order_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Open unless a later deployment went ahead: an old approval never undoes a new release.

    One that failed or was rolled back does not count, and a rollback goes back on purpose.
    """
    newer = context.lane.newest
    where = f"{deployment.service} in {deployment.environment}"
    if (
        newer is None
        or newer.number <= deployment.number
        or deployment.kind is DeploymentKind.ROLLBACK
    ):
        return Gate(
            kind=GateKind.ORDER,
            state=GateState.OPEN,
            code="in_order",
            message=f"Nothing newer went ahead for {where}.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.ORDER,
        state=GateState.CLOSED,
        code="outdated",
        message=f"DEP-{newer.number} ({newer.version}), asked for later, went ahead for {where}; "
        f"ask for {deployment.version} again if it is still wanted.",
        since=newer.since,
        opens_at=None,
        who_can_act=roles_with(Right.REQUEST, Right.OVERRIDE),
    )
