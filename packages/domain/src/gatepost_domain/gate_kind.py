"""The kinds of gates."""

from __future__ import annotations

from enum import StrEnum


class GateKind(StrEnum):
    """What a deployment waits for before it can start."""

    APPROVAL = "approval"
    """Approval by the reviewers."""
    PROMOTION = "promotion"
    """Success of the same version in the environments that the policy requires."""
    SOAK = "soak"
    """Enough time live in those environments."""
    FREEZE = "freeze"
    """The end of a freeze, or the start of an allow window."""
    LANE = "lane"
    """The end of the deployment in progress in the same service and environment."""
    ORDER = "order"
    """The condition that no newer deployment of the lane has started."""
    AFTER_REVIEW = "after_review"
    """The overdue after-review of an earlier break-glass."""
