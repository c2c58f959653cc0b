"""The approval gate, which waits for the reviewers."""

from __future__ import annotations

from gatepost_domain.access.roles import Right, roles_with_any
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Dependence, Deployment
from gatepost_domain.deployments.pipeline_self_review import (
    is_blocked_by_unknown_trigger,
    unmapped_requester_refusal,
)
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.event import format_instant
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.possible_reviewers import find_possible_reviewers
from gatepost_domain.status_transitions import Status


def approval_gate(deployment: Deployment, policy: Policy, context: GateContext) -> Gate:
    """Return the gate, which is open when every stage has approved exactly what was requested.

    The gate names the people who can approve if the context contains the possible reviewers.
    """

    def gate(
        state: GateState,
        code: str,
        message: str,
        *who: str,
        would_be_dependent: tuple[Dependence, ...] = (),
    ) -> Gate:
        return Gate(
            kind=GateKind.APPROVAL,
            state=state,
            code=code,
            message=message,
            since=deployment.approved_at or deployment.reviewed_at or deployment.created_at,
            opens_at=None,
            who_can_act=who,
            would_be_dependent=would_be_dependent,
        )

    break_glass = deployment.break_glass
    if break_glass is not None:
        return gate(
            GateState.OVERRIDDEN,
            "broke_glass",
            f"Approved without reviewers by {break_glass.actor} (break-glass) for "
            f"{break_glass.incident}: {break_glass.reason}",
        )
    progress = review_progress(deployment, policy).open_stage
    if deployment.status is Status.REJECTED:
        return gate(
            GateState.CLOSED,
            "rejected",
            f"Rejected by {deployment.reviewed_by}; create a new request to try again.",
        )
    if deployment.status is not Status.PENDING_APPROVAL or progress is None:
        approver = deployment.reviewed_by if deployment.approvals else "policy"
        return gate(GateState.OPEN, "approved", f"Approved by {approver}.")
    if is_blocked_by_unknown_trigger(deployment, policy):
        return gate(
            GateState.WAITING,
            "requester_unmapped",
            str(unmapped_requester_refusal(deployment)),
            *roles_with_any(Right.MANAGE_PEOPLE),
        )
    first, *others = progress.missing
    approvals = "approval" if first.required == 1 else "approvals"
    missing = " and ".join(
        [
            f"{first.required} more {approvals} from {first.approver_words()}",
            *(f"{rule.required} from {rule.approver_words()}" for rule in others),
        ]
    )
    expires = (
        ""
        if deployment.expires_at is None
        else " The deployment is cancelled if it is not approved by "
        f"{format_instant(deployment.expires_at)}."
    )
    stage = f"Stage {progress.stage.name} needs {missing}."
    if context.reviewers is None:
        return gate(
            GateState.WAITING,
            "approval_missing",
            f"{stage} {deployment.requester}, who requested the deployment, cannot approve it."
            f"{expires}",
            *(rule.approver_label() for rule in progress.missing),
        )
    possible = find_possible_reviewers(deployment, policy, progress, context.reviewers)
    explanation = f" {possible.explanation}" if possible.explanation else ""
    return gate(
        GateState.WAITING,
        "approval_missing",
        f"{stage} {deployment.requester}, who requested the deployment, cannot approve it."
        f"{explanation}{expires}",
        *possible.who_can_act,
        would_be_dependent=possible.would_be_dependent,
    )
