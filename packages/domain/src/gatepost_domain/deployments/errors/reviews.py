"""Refusals of reviews."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from gatepost_domain.access.actor import UNKNOWN_PERSON
from gatepost_domain.catalog.policy import describe_approver
from gatepost_domain.errors import Denied, Refusal


class StageNotOpen(Refusal):
    """The named stage is already satisfied or not yet reached; stages are ordered."""

    code = "stage_not_open"

    def __init__(self, stage: str, open_stage: str) -> None:
        super().__init__(f"Stage {stage} is not open; the review is at stage {open_stage}.")
        self.stage = stage
        self.open_stage = open_stage


class ReviewDenied(Denied):
    """The actor's review would not count."""


class RequesterPart(StrEnum):
    """The part that a person played, or may have played, in requesting a deployment."""

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
            else f"{name} triggered the pipeline that requested this deployment, and no user has "
            "this login. No review counts until an admin adds a login with the name "
            f"{name} and the issuer {issuer} to that person's user."
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

    A reviewer is independent if nobody could have acted both as the reviewer and as another
    participant.
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
