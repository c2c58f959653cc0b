"""Refusals about break-glass and its review."""

from __future__ import annotations

from gatepost_domain.catalog.policy import describe_approver
from gatepost_domain.deployments.errors.reviews import ReviewDenied
from gatepost_domain.deployments.errors.transitions import ActionRefused
from gatepost_domain.errors import Denied
from gatepost_domain.status_transitions import Action, Status


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


class AfterReviewOverdue(Denied):
    """The after-review of an earlier break-glass approval in the environment is overdue."""

    code = "after_review_overdue"

    def __init__(self, number: str, environment: str) -> None:
        super().__init__(
            f"The break-glass review of {number} is overdue; "
            f"a reviewer must close it before break-glass can be used in {environment} again."
        )


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
