"""The kinds of gates."""

from __future__ import annotations

from enum import StrEnum


class GateKind(StrEnum):
    """What is waited for."""

    APPROVAL = "approval"
    """Reviewers."""
    PROMOTION = "promotion"
    """The same version's success in the environments before."""
    SOAK = "soak"
    """That it has stood there long enough."""
    FREEZE = "freeze"
    """The end of a time in which nothing may start, or the beginning of one in which it may."""
    LANE = "lane"
    """The end of what is started in the same service and environment."""
    ORDER = "order"
    """Nothing newer may have gone ahead in the lane."""
    AFTER_REVIEW = "after_review"
    """The judgement that an earlier break-glass owes."""
