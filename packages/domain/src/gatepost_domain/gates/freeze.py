"""The freeze gate, which keeps deployments from starting during a freeze."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import format_instant
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.freezes.freeze import Effect, FreezeScope
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def freeze_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which is open unless a freeze blocks the start. Rollbacks are exempt."""

    def gate(state: GateState, code: str, message: str, block: FreezeBlock | None = None) -> Gate:
        return Gate(
            kind=GateKind.FREEZE,
            state=state,
            code=code,
            message=message,
            since=None if block is None else block.since,
            opens_at=None if block is None else block.opens_at,
            who_can_act=() if block is None else roles_with_any(Right.FREEZE, Right.OVERRIDE),
        )

    block = context.freeze_block
    lane = f"{deployment.service} in {deployment.environment}"
    if block is None:
        return gate(GateState.OPEN, "not_frozen", f"No active freeze for {lane}.")
    if deployment.kind is DeploymentKind.ROLLBACK:
        return gate(GateState.OPEN, "freeze_passed", "Freezes do not apply to rollbacks.")
    freeze, until = block.freeze, "until it is lifted"
    if block.opens_at is not None:
        until = f"until {format_instant(block.opens_at)}"
    if freeze.effect is Effect.ALLOW:
        message = f"Deployments of {lane} can start only in an allow window; none is open {until}"
        return gate(GateState.WAITING, "outside_window", f"{message}: {freeze.reason}", block)
    message = f"{freeze.created_by} froze {_describe_scope(freeze.scope)} {until}"
    return gate(GateState.WAITING, "frozen", f"{message}: {freeze.reason}", block)


def _describe_scope(scope: FreezeScope) -> str:
    """Return what a freeze covers, such as "shop in production" or "everything"."""
    place = scope.environment or (f"tier {scope.tier}" if scope.tier else None)
    if scope.service and place:
        return f"{scope.service} in {place}"
    return scope.service or place or "everything"
