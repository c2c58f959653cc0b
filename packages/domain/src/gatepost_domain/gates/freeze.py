"""The freeze gate."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import format_instant
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.freezes.freeze import Effect
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def freeze_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Open while no freeze says no. A rollback passes: it goes back to what is known to work."""

    def gate(state: GateState, code: str, message: str, blocked: FreezeBlock | None = None) -> Gate:
        return Gate(
            kind=GateKind.FREEZE,
            state=state,
            code=code,
            message=message,
            since=None if blocked is None else blocked.since,
            opens_at=None if blocked is None else blocked.opens_at,
            who_can_act=() if blocked is None else roles_with(Right.FREEZE, Right.OVERRIDE),
        )

    blocked = context.freeze_block
    where = f"{deployment.service} in {deployment.environment}"
    if blocked is None:
        return gate(GateState.OPEN, "not_frozen", f"No freeze covers {where} now.")
    if deployment.kind is DeploymentKind.ROLLBACK:
        return gate(GateState.OPEN, "freeze_passed", "A rollback passes every freeze.")
    freeze, opens = blocked.freeze, "until it is lifted"
    if blocked.opens_at is not None:
        opens = f"until {format_instant(blocked.opens_at)}"
    if freeze.effect is Effect.ALLOW:
        sentence = f"{where} may start in certain windows only, and none is open"
        return gate(
            GateState.WAITING, "outside_window", f"{sentence}, {opens}: {freeze.reason}", blocked
        )
    sentence = f"{freeze.created_by} froze {where}, {opens}"
    return gate(GateState.WAITING, "frozen", f"{sentence}: {freeze.reason}", blocked)
