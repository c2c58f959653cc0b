"""Refusals because of a deployment: its status, its review, its claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatepost_domain.status import Action, Status
from gatepost_domain.errors import Denied, Refusal


class ActionRefused(Refusal):
    """The deployment does not admit the action as it stands; `allowed` is what its status does."""

    def __init__(self, message: str, *, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(message)
        self.status = status
        self.allowed = allowed


class TransitionRefused(ActionRefused):
    """The deployment's status does not admit the action."""

    code = "transition_refused"

    def __init__(self, status: Status, action: Action, allowed: tuple[Action, ...]) -> None:
        can = ", ".join(allowed) if allowed else "nothing more"
        to = action.replace("_", " ")
        sentence = f"To {to} is not possible while the deployment is {status}; possible: {can}."
        super().__init__(sentence, status=status, allowed=allowed)
        self.action = action


class RecordIsImmutable(ActionRefused):
    """It happened elsewhere and was told afterwards; a later record takes its place."""

    code = "record_is_immutable"

    def __init__(self, number: str, status: Status) -> None:
        super().__init__(
            f"{number} is a record of what happened elsewhere and never changes; "
            "record what took its place.",
            status=status,
            allowed=(),
        )


class NotARecord(ActionRefused):
    """Only a record can be wrong about what happened, so only a record can be hidden."""

    code = "not_a_record"

    def __init__(self, number: str, status: Status, allowed: tuple[Action, ...]) -> None:
        super().__init__(
            f"{number} was carried out here; only a record can be hidden.",
            status=status,
            allowed=allowed,
        )


class NoPendingAfterReview(ActionRefused):
    """No after-review is owed: no glass was broken, or it was judged already."""

    code = "no_after_review"

    def __init__(
        self, number: str, status: Status, allowed: tuple[Action, ...], *, closed_by: str | None
    ) -> None:
        super().__init__(
            f"Nobody broke the glass for {number}; there is nothing to judge."
            if closed_by is None
            else f"{closed_by} has judged the break-glass of {number} already.",
            status=status,
            allowed=allowed,
        )


class ClaimLost(ActionRefused):
    """The claim is no longer this worker's; whatever it has to tell changes nothing."""

    code = "claim_lost"

    def __init__(self, number: str, status: Status, *, worker: str | None) -> None:
        by = f"{worker} has it by now" if status == "started" else f"it is {status}"
        super().__init__(
            f"This claim on {number} is no longer yours: {by}.", status=status, allowed=()
        )
        self.worker = worker


class AlreadyPromoted(ActionRefused):
    """One deployment is promoted to an environment at most once."""

    code = "already_promoted"

    def __init__(
        self, number: str, to: str, promotion: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"{number} was promoted to {to} already, as {promotion}; "
            "to deploy the version there again, ask for it.",
            status=status,
            allowed=allowed,
        )
        self.promotion = promotion


class NoKnownGood(ActionRefused):
    """Nothing stood there that could be redeployed; the deployment is as it was."""

    code = "no_known_good"

    def __init__(
        self, where: str, version: str, status: Status, allowed: tuple[Action, ...]
    ) -> None:
        super().__init__(
            f"Nothing but {version} is known to be good for {where}, so there is nothing to "
            "redeploy; roll back without redeploy, or ask for the version you want.",
            status=status,
            allowed=allowed,
        )


class StageNotOpen(Refusal):
    """Stages are ordered; the one named is done already or not yet reached."""

    code = "stage_not_open"

    def __init__(self, stage: str, open_stage: str) -> None:
        super().__init__(f"Stage {stage} is not open; the review is at stage {open_stage}.")
        self.stage = stage
        self.open_stage = open_stage


class ReviewerCannotStart(Refusal):
    """The policy keeps the one who consents and the one who carries out apart."""

    code = "reviewer_may_not_start"

    def __init__(self, actor: str, environment: str) -> None:
        super().__init__(
            f"{actor} approved this deployment; the policy of {environment} "
            "wants somebody else to start it."
        )
        self.actor = actor


class AfterReviewOverdue(Denied):
    """An earlier break-glass there should have been judged by now."""

    code = "after_review_overdue"

    def __init__(self, number: str, environment: str) -> None:
        super().__init__(
            f"The break-glass of {number} in {environment} was never judged and is overdue; "
            "a reviewer must give its after-review before the glass is broken there again."
        )


class ReviewDenied(Denied):
    """A review that may not count."""


class SelfReview(ReviewDenied):
    """The requester may never review their own deployment."""

    code = "self_review"

    def __init__(self, requester: str, *, reviewer: str | None = None) -> None:
        """`reviewer` is the reviewer, where the requester may be behind them under another name."""
        super().__init__(
            f"{requester} asked for this deployment; somebody else must review it."
            if reviewer is None
            else f"Whoever asked for this deployment as {requester} may be behind {reviewer} too: "
            "one had the other's account or token made. Somebody else must review it."
        )
        self.requester = requester
        self.reviewer = reviewer


class NotEligible(ReviewDenied):
    """No rule of the open stage asks for this reviewer."""

    code = "not_eligible"

    def __init__(self, actor: str, stage: str, eligible: tuple[str, ...]) -> None:
        super().__init__(
            f"{actor} cannot review stage {stage}; it asks for {' and '.join(eligible)}."
        )
        self.actor = actor
        self.stage = stage
        self.eligible = eligible


class AlreadyReviewed(ReviewDenied):
    """One person counts once."""

    code = "already_reviewed"

    def __init__(self, actor: str, stage: str) -> None:
        super().__init__(f"{actor} has approved this deployment already, in stage {stage}.")
        self.actor = actor
        self.stage = stage


class OwnBreakGlassReview(ReviewDenied):
    """Whoever broke the glass, or may be behind it, judges it not themselves."""

    code = "own_break_glass"

    def __init__(self, actor: str) -> None:
        super().__init__(f"{actor} broke the glass here; somebody else must judge it.")
        self.actor = actor


class NotEligibleForAfterReview(ReviewDenied):
    """Only those judge a break-glass who could have approved in its place."""

    code = "not_eligible"

    def __init__(self, actor: str, eligible: tuple[str, ...]) -> None:
        super().__init__(
            f"{actor} cannot judge this break-glass; its review asks for {' or '.join(eligible)}."
        )
        self.actor = actor
        self.eligible = eligible
