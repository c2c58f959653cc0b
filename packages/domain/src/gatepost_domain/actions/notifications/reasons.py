"""Determining the reasons for which an event notifies people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.review import review_progress
from gatepost_domain.deployments.rollback_state import requests_rollback
from gatepost_domain.event import Event, EventKind
from gatepost_domain.notifications.notification import (
    AFTER_REVIEW_REASONS,
    APPROVAL_REASONS,
    NotificationReason,
)
from gatepost_domain.status_transitions import Status

_REQUESTS: Final = frozenset(
    {
        EventKind.REQUESTED,
        EventKind.APPROVED,
        EventKind.APPROVAL_WITHDRAWN,
        EventKind.APPROVAL_VOIDED,
    }
)
"""The kinds of events after which a stage can be waiting for approval."""

OUTCOMES: Final[Mapping[EventKind, str]] = {
    EventKind.APPROVED: "Approved",
    EventKind.REJECTED: "Rejected",
    EventKind.SUCCEEDED: "Succeeded",
    EventKind.FAILED: "Failed",
    EventKind.ROLLED_BACK: "Rolled back",
    EventKind.CANCELLED: "Cancelled",
}
"""Maps each kind of event that is reported to requesters to a description of the outcome."""
_ROLLBACK_REQUESTED: Final = "Rollback requested"
"""The outcome of a rollback with redeployment: the earlier version is not live again yet."""

NOTIFYING_KINDS: Final = (
    _REQUESTS | OUTCOMES.keys() | {EventKind.BROKE_GLASS, EventKind.AFTER_REVIEW_OVERDUE}
)
"""The kinds of events that can cause notifications."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedReviews:
    """The reviews that a deployment is waiting for: an approval, an after-review, or neither."""

    stage: str | None
    """The stage waiting for approval, or None."""
    after_review: bool
    """Whether the deployment is waiting for its after-review."""


def find_awaited_reviews(deployment: Deployment, policy: Policy) -> AwaitedReviews:
    """Return the reviews that a deployment is waiting for."""
    stage = None
    if deployment.status is Status.PENDING_APPROVAL:
        open_stage = review_progress(deployment, policy).open_stage
        stage = None if open_stage is None else open_stage.stage.name
    review = deployment.after_review
    return AwaitedReviews(stage=stage, after_review=review is not None and review.is_pending())


def reasons_of(event: Event, waiting: AwaitedReviews) -> tuple[NotificationReason, ...]:
    """Return the reasons for which an event notifies people, given what the deployment waits for.

    An approval leads to new review requests only if it opens another stage.
    """
    kind = event.kind
    if kind in _REQUESTS and waiting.stage is not None:
        is_same_stage = kind is EventKind.APPROVED and event.stage == waiting.stage
        return () if is_same_stage else APPROVAL_REASONS
    if kind is EventKind.BROKE_GLASS and waiting.after_review:
        return (NotificationReason.AFTER_REVIEW_REQUESTED,)
    if kind is EventKind.AFTER_REVIEW_OVERDUE and waiting.after_review:
        return (NotificationReason.AFTER_REVIEW_OVERDUE,)
    if kind is EventKind.APPROVED:
        by_reviewer = event.to_status is Status.APPROVED and event.stage is not None
        return (NotificationReason.OUTCOME,) if by_reviewer else ()
    return (NotificationReason.OUTCOME,) if kind in OUTCOMES else ()


def describe_outcome(event: Event) -> str:
    """Return the description of the outcome that an event reports."""
    return _ROLLBACK_REQUESTED if requests_rollback(event) else OUTCOMES[event.kind]


def still_applies(reason: NotificationReason, stage: str | None, waiting: AwaitedReviews) -> bool:
    """Return whether a notification is still relevant."""
    if reason in APPROVAL_REASONS:
        return waiting.stage is not None and waiting.stage == stage
    if reason in AFTER_REVIEW_REASONS:
        return waiting.after_review
    return True
