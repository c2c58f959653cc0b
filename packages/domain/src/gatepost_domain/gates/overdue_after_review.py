"""The after-review gate, which delays automatic promotions while an after-review is overdue."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.event import format_instant
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState


def after_review_gate(deployment: Deployment, _policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which blocks automatic promotions while an after-review is overdue."""
    overdue = context.overdue_review
    if overdue is None or not deployment.automatic or deployment.kind is DeploymentKind.ROLLBACK:
        return Gate(
            kind=GateKind.AFTER_REVIEW,
            state=GateState.OPEN,
            code="nothing_owed",
            message="No break-glass review is overdue.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.AFTER_REVIEW,
        state=GateState.WAITING,
        code="after_review_overdue",
        message=f"The break-glass review of {format_number(overdue.number)} was due "
        f"{format_instant(overdue.due_at)}; automatic promotion to {deployment.environment} "
        "is paused until a reviewer closes that review.",
        since=overdue.due_at,
        opens_at=None,
        who_can_act=roles_with_any(Right.REVIEW, Right.OVERRIDE),
    )
