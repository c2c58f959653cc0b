"""The kinds of gates between a deployment and its start."""

from __future__ import annotations

from enum import StrEnum


class GateKind(StrEnum):
    """The kind of a gate: what it waits for before the deployment can start."""

    APPROVAL = "approval"
    """Approval by the reviewers."""
    PROMOTION = "promotion"
    """Success of the same version in the environments that the policy requires."""
    SOAK = "soak"
    """Enough time live in the environments that the policy requires."""
    FREEZE = "freeze"
    """The end of a freeze, or the start of an allow window."""
    LANE = "lane"
    """The end of the deployment in progress in the same lane (service and environment)."""
    ORDER = "order"
    """The condition that no newer deployment in the lane has started."""
    AFTER_REVIEW = "after_review"
    """The closing of an overdue after-review of an earlier break-glass approval."""
