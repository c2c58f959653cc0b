"""The after-review gate."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, Kind, number_text
from gatepost_domain.event import spoken
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import Situation
from gatepost_domain.gates.gate import Gate, GateState


def after_review_gate(deployment: Deployment, _policy: Policy, around: Situation) -> Gate:
    """Open unless a policy asked for the deployment while a break-glass there is overdue."""
    overdue = around.overdue
    if overdue is None or not deployment.automatic or deployment.kind is Kind.ROLLBACK:
        return Gate(
            kind=GateKind.AFTER_REVIEW,
            state=GateState.OPEN,
            code="nothing_owed",
            message="No after-review keeps it waiting.",
            since=None,
            opens_at=None,
            who_can_act=(),
        )
    return Gate(
        kind=GateKind.AFTER_REVIEW,
        state=GateState.WAITING,
        code="after_review_overdue",
        message=f"The after-review of {number_text(overdue.number)} was due "
        f"{spoken(overdue.due_at)}; until a reviewer gives it, nothing is promoted to "
        f"{deployment.environment} by itself.",
        since=overdue.due_at,
        opens_at=None,
        who_can_act=roles_with(Right.REVIEW, Right.OVERRIDE),
    )
