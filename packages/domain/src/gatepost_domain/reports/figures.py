"""The figures of the delivery report and their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Figure(StrEnum):
    """What is counted or measured."""

    DEPLOYMENTS = "deployments"
    ROLLBACKS = "rollbacks"
    FREQUENCY = "frequency"
    CHANGE_FAILURE_RATE = "change_failure_rate"
    LEAD_TIME = "lead_time"
    LEAD_TIME_FROM_COMMIT = "lead_time_from_commit"
    RECOVERY_TIME = "recovery_time"
    APPROVAL_LATENCY = "approval_latency"
    WAITING_TIME = "waiting_time"
    OVERRIDE_RATE = "override_rate"
    BREAK_GLASS_RATE = "break_glass_rate"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    AFTER_REVIEWS_OPEN = "after_reviews_open"
    AFTER_REVIEWS_OVERDUE = "after_reviews_overdue"


COUNTING_RULE: Final = (
    "A deployment counts at the instant its version stood in its environment; one that never stood "
    "there, at the instant it was asked for. A record that was hidden as an error counts nowhere."
)
"""Where in time a deployment counts, once and for every figure alike."""


DEFINITIONS: Final[Mapping[Figure, str]] = {
    Figure.DEPLOYMENTS: "Deployments that stood in their environment, having succeeded here or "
    "been recorded, whatever became of them later; rollbacks are counted apart.",
    Figure.ROLLBACKS: "Deployments that stood in their environment and brought the last known good "
    "version back.",
    Figure.FREQUENCY: "Deployments that stood, rollbacks not among them, for each day of the span.",
    Figure.CHANGE_FAILURE_RATE: "Of the deployments that were started here and have ended, those "
    "that failed or were rolled back; rollbacks themselves are not among either.",
    Figure.LEAD_TIME: "From when a deployment was asked for here until its version stood in its "
    "environment; neither records nor rollbacks are among them.",
    Figure.LEAD_TIME_FROM_COMMIT: "From the commit of a version, where its time is known, until "
    "the version stood in its environment; rollbacks are not among them.",
    Figure.RECOVERY_TIME: "From when a deployment failed or was rolled back until the next one "
    "stood in the same service and environment; what has not recovered yet is not among them.",
    Figure.APPROVAL_LATENCY: "From when a deployment was asked for until the last reviewer it "
    "needed approved it; what needed no review, or went without it, is not among them.",
    Figure.WAITING_TIME: "From when a deployment was approved until it started.",
    Figure.OVERRIDE_RATE: "Of the deployments that were started here, those for which a gate was "
    "overridden.",
    Figure.BREAK_GLASS_RATE: "Of the deployments that were started here, those that were approved "
    "without their reviewers, by break-glass.",
    Figure.REJECTED: "Deployments that a reviewer said no to.",
    Figure.SUPERSEDED: "Deployments that were cancelled because a newer one of the same "
    "service and environment went ahead.",
    Figure.EXPIRED: "Deployments that were cancelled because nobody acted on them in time.",
    Figure.AFTER_REVIEWS_OPEN: "Break-glass reviews that are owed and not yet due: as of now, "
    "whenever the deployment was.",
    Figure.AFTER_REVIEWS_OVERDUE: "Break-glass reviews that are owed and past due: as of now, "
    "whenever the deployment was.",
}
"""What each figure says, in the one sentence that goes with it wherever it is shown."""
