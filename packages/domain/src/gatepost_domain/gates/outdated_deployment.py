"""The order gate, which prevents an older deployment from replacing a newer one."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.next_in_lane import is_outdated
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def order_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which is closed once a newer deployment in the lane has started.

    This prevents an old approval from replacing a newer release. Newer deployments that failed or
    were rolled back do not count. The gate is always open for rollbacks.
    """
    newest = context.lane.newest
    service, environment = deployment.service, deployment.environment
    if newest is None or not is_outdated(deployment.number, deployment.kind, newest.number):
        return Gate(
            kind=GateKind.ORDER,
            state=GateState.OPEN,
            code="in_order",
            message=f"No newer deployment of {service} has started in {environment}.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.ORDER,
        state=GateState.CLOSED,
        code="outdated",
        message=f"{format_number(newest.number)} ({newest.version}) was requested later and has "
        f"already started in {environment}; request {deployment.version} again if it is still "
        "needed.",
        since=newest.since,
        opens_at=None,
        who_can_act=roles_with_any(Right.REQUEST, Right.OVERRIDE),
    )
