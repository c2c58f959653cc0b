"""The approval gate."""

from __future__ import annotations

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.event import format_instant
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.status import Status


def approval_gate(deployment: Deployment, policy: Policy, _context: GateContext) -> Gate:
    """Open when every stage has consented to exactly what was asked."""

    def gate(state: GateState, code: str, message: str, *who: str) -> Gate:
        return Gate(
            kind=GateKind.APPROVAL,
            state=state,
            code=code,
            message=message,
            since=deployment.approved_at or deployment.reviewed_at or deployment.created_at,
            opens_at=None,
            who_can_act=who,
        )

    glass = deployment.break_glass
    if glass is not None:
        return gate(
            GateState.OVERRIDDEN,
            "broke_glass",
            f"{glass.actor} approved it without its reviewers, for {glass.incident}: "
            f"{glass.reason}",
        )
    progress = review_progress(deployment, policy).open_stage
    if deployment.status is Status.REJECTED:
        return gate(
            GateState.CLOSED, "rejected", f"{deployment.reviewed_by} rejected it; ask again."
        )
    if deployment.status is not Status.PENDING_APPROVAL or progress is None:
        by = f"by {deployment.reviewed_by}" if deployment.approvals else "by policy"
        return gate(GateState.OPEN, "approved", f"Approved {by}.")
    wanted = " and ".join(
        f"{rule.required} from {rule.approver_label()}" for rule in progress.missing
    )
    until = deployment.expires_at
    expires = (
        "" if until is None else f" It is cancelled if it still waits at {format_instant(until)}."
    )
    return gate(
        GateState.WAITING,
        "approval_missing",
        f"Stage {progress.stage.name} still needs {wanted}; not from {deployment.requester}, "
        f"who asked for it.{expires}",
        *(rule.approver_label() for rule in progress.missing),
    )
