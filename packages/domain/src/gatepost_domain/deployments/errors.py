"""Refusals about deployments: their statuses, reviews, claims and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from gatepost_domain.access.actor import UNKNOWN_PERSON
from gatepost_domain.catalog.policy import describe_approver
from gatepost_domain.errors import Denied, Refusal
from gatepost_domain.status import TRANSITIONS, Action, Status

_LIFECYCLE: Final = (
    Status.PENDING_APPROVAL,
    Status.APPROVED,
    Status.QUEUED,
    Status.STARTED,
    Status.SUCCEEDED,
)
"""The statuses that a successful deployment passes through, in order."""

_FIRST_STATUS: Final[Mapping[Action, Status]] = {
    action: next(status for status in _LIFECYCLE if (status, action) in TRANSITIONS)
    for _, action in TRANSITIONS
} | {Action.PROMOTE: Status.SUCCEEDED}
"""Maps each action to the first status in the lifecycle in which it is available."""


class ActionRefused(Refusal):
    """The deployment does not allow the action now; `allowed` lists what its status allows."""

    def __init__(self, message: str, *, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(message)
        self.status = status
        self.allowed = allowed


class TransitionRefused(ActionRefused):
    """The deployment's status does not allow the action."""

    code = "transition_refused"

    def __init__(self, status: Status, action: Action, allowed: tuple[Action, ...]) -> None:
        available = (
            f"available now: {', '.join(allowed)}" if allowed else "no other action is available"
        )
        super().__init__(
            f"This action is not available {_when_available(status, action)}; {available}.",
            status=status,
            allowed=allowed,
        )
        self.action = action


def _when_available(status: Status, action: Action) -> str:
    first = _FIRST_STATUS.get(action)
    if status in _LIFECYCLE and first in _LIFECYCLE[_LIFECYCLE.index(status) + 1 :]:
        if first is Status.SUCCEEDED:
            return "until the deployment has succeeded"
        return f"until the deployment is {first}"
    return f"in status {status.replace('_', ' ')}"


class RecordIsImmutable(ActionRefused):
    """A record of a deployment made elsewhere never changes; a later record replaces it."""

    code = "record_is_immutable"

    def __init__(self, number: str, status: Status) -> None:
        super().__init__(
            f"{number} is a record of a deployment made elsewhere and never changes; "
            "record a later deployment instead.",
            status=status,
            allowed=(),
        )


class ExternalIdTaken(Refusal):
    """The external id belongs to a record with different values; the record is unchanged."""

    code = "external_id_taken"


class NotARecord(ActionRefused):
    """Only records can be hidden, because only records may misstate what happened."""

    code = "not_a_record"

    def __init__(self, number: str, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"{number} was deployed through Gatepost; only records can be hidden.",
            status=status,
            allowed=allowed,
        )


class NoPendingAfterReview(ActionRefused):
    """There is no pending after-review: no break-glass was used, or the review is closed."""

    code = "no_after_review"

    def __init__(
        self, number: str, status: Status, allowed: tuple[Action, ...], *, closed_by: str | None
    ) -> None:
        super().__init__(
            f"Break-glass was not used for {number}, so there is nothing to review."
            if closed_by is None
            else f"{closed_by} has already closed the break-glass review of {number}.",
            status=status,
            allowed=allowed,
        )


class ApprovedByBreakGlass(ActionRefused):
    """The deployment was approved through break-glass, so no reviewer's approval matters."""

    code = "approved_by_break_glass"

    def __init__(self, number: str, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"{number} was approved through break-glass, which withdrawing an approval would not "
            "change; cancel the deployment instead.",
            status=status,
            allowed=allowed,
        )


class ClaimLost(ActionRefused):
    """The worker no longer holds the claim, so its report changes nothing."""

    code = "claim_lost"

    def __init__(self, number: str, status: Status, *, worker: str | None) -> None:
        reason = f"{worker} holds it now" if status is Status.STARTED else f"its status is {status}"
        super().__init__(
            f"This claim on {number} is no longer valid: {reason}.", status=status, allowed=()
        )
        self.worker = worker


class WorkerNameTaken(Refusal):
    """Another worker with the same name is waiting for a task."""

    code = "worker_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Another worker named {name} is waiting for a task. Give each worker a name of its "
            "own, or start it without a name."
        )
        self.name = name


class AlreadyPromoted(ActionRefused):
    """A deployment can be promoted to an environment only once."""

    code = "already_promoted"

    def __init__(
        self, number: str, to: str, promotion: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"{number} was already promoted to {to} as {promotion}; "
            "to deploy the version there again, create a new request.",
            status=status,
            allowed=allowed,
        )
        self.promotion = promotion


class NoKnownGood(ActionRefused):
    """There is no known good version to redeploy; the deployment is unchanged."""

    code = "no_known_good"

    def __init__(
        self, where: str, version: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"No known good version other than {version} exists for {where}; "
            "roll back without redeploying, or request the version you want.",
            status=status,
            allowed=allowed,
        )


class StageNotOpen(Refusal):
    """The named stage is already satisfied or not yet reached; stages are ordered."""

    code = "stage_not_open"

    def __init__(self, stage: str, open_stage: str) -> None:
        super().__init__(f"Stage {stage} is not open; the review is at stage {open_stage}.")
        self.stage = stage
        self.open_stage = open_stage


class ReviewerCannotStart(Refusal):
    """The policy does not let a reviewer of a deployment start it."""

    code = "reviewer_may_not_start"

    def __init__(self, actor: str, environment: str) -> None:
        super().__init__(
            f"{actor} approved this deployment; the policy of {environment} "
            "requires somebody else to start it."
        )
        self.actor = actor


class AfterReviewOverdue(Denied):
    """The after-review of an earlier break-glass approval in the environment is overdue."""

    code = "after_review_overdue"

    def __init__(self, number: str, environment: str) -> None:
        super().__init__(
            f"The break-glass review of {number} is overdue; "
            f"a reviewer must close it before break-glass can be used in {environment} again."
        )


class ReviewDenied(Denied):
    """The actor's review would not count."""


class RequesterPart(StrEnum):
    """The part that a person behind a request played, or may have played."""

    REQUESTER = "requester"
    """The person requested the deployment, or somebody else did so on the person's behalf."""
    TRIGGER = "trigger"
    """The person triggered the pipeline that requested the deployment."""
    FORMER_TRIGGER = "former_trigger"
    """The person used to have the login with which the pipeline was triggered."""


_SAME_PERSON: Final = {
    RequesterPart.REQUESTER: "{reviewer} counts as the same person as the requester {requester}, "
    "because a service account counts as those who created it and issued its token; somebody else "
    "must review this deployment.",
    RequesterPart.TRIGGER: "{requester} triggered the pipeline that requested this deployment, and "
    "{reviewer} may be the same person; somebody else must review the deployment.",
    RequesterPart.FORMER_TRIGGER: "{requester} triggered the pipeline that requested this "
    "deployment, and {requester} was a login of {reviewer} until it was removed, so {reviewer} may "
    "be the same person; somebody else must review the deployment.",
}


class SelfReview(ReviewDenied):
    """The requester can never review their own deployment."""

    code = "self_review"

    def __init__(
        self,
        requester: str,
        *,
        reviewer: str | None = None,
        part: RequesterPart = RequesterPart.REQUESTER,
    ) -> None:
        """Create the refusal; `reviewer` is set if their name differs from the requester's."""
        if part is RequesterPart.REQUESTER and reviewer is None:
            sentence = f"{requester} requested this deployment; somebody else must review it."
        else:
            sentence = _SAME_PERSON[part].format(requester=requester, reviewer=reviewer)
        super().__init__(sentence)
        self.requester = requester
        self.reviewer = reviewer


class RequesterUnmapped(ReviewDenied):
    """The policy requires independent reviewers, and it is unknown who triggered the pipeline."""

    code = "requester_unmapped"

    def __init__(self, name: str, issuer: str) -> None:
        super().__init__(
            "The token of the pipeline that requested this deployment does not name the person who "
            f"triggered it, so no review counts. Set person_claim in the rule for {issuer}, and "
            "request the deployment again."
            if name == UNKNOWN_PERSON
            else f"{name} triggered the pipeline that requested this deployment, and no user is "
            "known by that name. No review counts until an admin adds the login with the name "
            f"{name} and the issuer {issuer} to the user."
        )
        self.name = name
        self.issuer = issuer


class NotEligible(ReviewDenied):
    """No rule of the open stage accepts this reviewer."""

    code = "not_eligible"

    def __init__(self, actor: str, stage: str, eligible: tuple[str, ...]) -> None:
        super().__init__(
            f"{actor} cannot review stage {stage}; it requires "
            f"{' and '.join(map(describe_approver, eligible))}."
        )
        self.actor = actor
        self.stage = stage
        self.eligible = eligible


class AlreadyReviewed(ReviewDenied):
    """The person has already approved; each person counts once."""

    code = "already_reviewed"

    def __init__(self, actor: str, stage: str) -> None:
        super().__init__(f"{actor} has already approved this deployment in stage {stage}.")
        self.actor = actor
        self.stage = stage


class NotIndependent(ReviewDenied):
    """The policy requires independent reviewers, and the reviewer is not independent.

    A reviewer is independent if nobody could have acted both as them and as another participant.
    """

    code = "not_independent"

    def __init__(
        self, actor: str, environment: str, *, reasons: Sequence[str], through: Sequence[str]
    ) -> None:
        super().__init__(
            f"{'; '.join(reasons)}, and {environment} requires independent reviewers. "
            "Somebody else must review this deployment."
        )
        self.actor = actor
        self.reasons = tuple(reasons)
        self.through = tuple(through)


class ServiceAccountReview(ReviewDenied):
    """Service accounts cannot review; only people can."""

    code = "service_account_review"

    def __init__(self, actor: str) -> None:
        super().__init__(f"{actor} is a service account; a person must review this deployment.")
        self.actor = actor


class NoApprovalToWithdraw(ReviewDenied):
    """The actor has no valid approval of this deployment."""

    code = "no_approval_to_withdraw"

    def __init__(self, actor: str) -> None:
        super().__init__(
            f"{actor} has no approval of this deployment to withdraw; only the reviewer who gave "
            "an approval can withdraw it."
        )
        self.actor = actor


class OwnBreakGlassReview(ReviewDenied):
    """The actor used break-glass on the deployment, or may be the person who did."""

    code = "own_break_glass"

    def __init__(self, actor: str) -> None:
        super().__init__(
            f"{actor} used break-glass on this deployment; somebody else must close its review."
        )
        self.actor = actor


class NotEligibleForAfterReview(ReviewDenied):
    """Only people who could have approved the deployment can close its after-review."""

    code = "not_eligible"

    def __init__(self, actor: str, eligible: tuple[str, ...]) -> None:
        super().__init__(
            f"{actor} cannot close this break-glass review; it requires "
            f"{' or '.join(map(describe_approver, eligible))}."
        )
        self.actor = actor
        self.eligible = eligible


class TooManyOpenRequests(Refusal):
    """As many deployments as the environment's policy allows are already waiting to start."""

    code = "too_many_open_requests"

    def __init__(self, scope: str, limit: int, setting: str, environment: str) -> None:
        super().__init__(
            f"{limit} deployments of {scope} are waiting to start, which is the maximum "
            f"({setting} in the policy of {environment}). Cancel those that are no longer needed, "
            "or wait until some have started."
        )
        self.scope = scope
        self.limit = limit
        self.setting = setting
