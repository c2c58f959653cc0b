"""The metrics in the delivery report and their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Figure(StrEnum):
    """A metric in the delivery report."""

    DEPLOYMENTS = "deployments"
    ROLLBACKS = "rollbacks"
    FREQUENCY = "frequency"
    CHANGE_FAILURE_RATE = "change_failure_rate"
    LEAD_TIME = "lead_time"
    LEAD_TIME_FROM_COMMIT = "lead_time_from_commit"
    LEAD_TIME_FROM_PROMOTION = "lead_time_from_promotion"
    RECOVERY_TIME = "recovery_time"
    APPROVAL_LATENCY = "approval_latency"
    WAITING_TIME = "waiting_time"
    OVERRIDE_RATE = "override_rate"
    BREAK_GLASS_RATE = "break_glass_rate"
    UNREVIEWED_CHANGES = "unreviewed_changes"
    DEPENDENT_APPROVALS = "dependent_approvals"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    AFTER_REVIEWS_OPEN = "after_reviews_open"
    AFTER_REVIEWS_OVERDUE = "after_reviews_overdue"


COUNTING_RULE: Final = (
    "Deployments are counted when their versions went live. Deployments that never went live are "
    "counted when they were requested; records of failures, when they failed. Hidden records are "
    "not counted."
)
"""The rule for when a deployment counts, which is the same for every metric."""


DEFINITIONS: Final[Mapping[Figure, str]] = {
    Figure.DEPLOYMENTS: "Deployments that went live, whether they succeeded in Gatepost or were "
    "recorded, even if they were rolled back later; rollbacks are counted separately.",
    Figure.ROLLBACKS: "Deployments that went live and restored an earlier version: rollbacks, and "
    "records that were imported as rollbacks or whose version was live in this service and "
    "environment before the one it replaced. A record of the version that is already live is a "
    "redeployment.",
    Figure.FREQUENCY: "How often deployments went live, excluding rollbacks.",
    Figure.CHANGE_FAILURE_RATE: "Of the deployments that finished in Gatepost or were recorded, "
    "the share that failed, were rolled back, were replaced by a record of an earlier version, or "
    "are linked to an incident as its cause; rollbacks are excluded.",
    Figure.LEAD_TIME: "Time from the request of a deployment until its version went live; records "
    "and rollbacks are excluded.",
    Figure.LEAD_TIME_FROM_COMMIT: "Time from the commit of a version, if known, until it went "
    "live; rollbacks are excluded.",
    Figure.LEAD_TIME_FROM_PROMOTION: "Time from when a version first went live in an environment "
    "of a lower tier until it went live in the deployment's environment; rollbacks are excluded.",
    Figure.RECOVERY_TIME: "Time from a failure until the service worked again. If the deployment "
    "caused incidents, from the start of the first until all were resolved. Otherwise, from the "
    "failure or rollback until the next deployment in the same service and environment went live. "
    "If only a record of an earlier version shows the failure, from when the failed version went "
    "live. Failures that have not ended are excluded.",
    Figure.APPROVAL_LATENCY: "Time from the request of a deployment until its last required "
    "approval; deployments without review or with break-glass are excluded.",
    Figure.WAITING_TIME: "Time from the approval of a deployment until it started.",
    Figure.OVERRIDE_RATE: "Of the deployments that were started in Gatepost, the share with an "
    "overridden gate.",
    Figure.BREAK_GLASS_RATE: "Of the deployments that were started in Gatepost, the share approved "
    "with break-glass.",
    Figure.UNREVIEWED_CHANGES: "Deployments that were started in Gatepost without a person's "
    "approval, because the policy did not require it, to environments whose tier was production "
    "when the deployment was requested or at any time until it started; deployments with "
    "break-glass are excluded.",
    Figure.DEPENDENT_APPROVALS: "Deployments approved by a person who is not independent of the "
    "requester or of another reviewer: both may be the same person, or one of them could have used "
    "the other's account, for example because they created it or invited the other.",
    Figure.REJECTED: "Deployments that a reviewer rejected.",
    Figure.SUPERSEDED: "Deployments that were cancelled because a newer one in the same service "
    "and environment superseded them.",
    Figure.EXPIRED: "Deployments that were cancelled because they were not approved or started in "
    "time.",
    Figure.AFTER_REVIEWS_OPEN: "Reviews of break-glass approvals that are currently pending and "
    "not yet due, regardless of the report period.",
    Figure.AFTER_REVIEWS_OVERDUE: "Reviews of break-glass approvals that are currently overdue, "
    "regardless of the report period.",
}
"""Maps each metric to its definition, which is displayed with it."""


FOLLOWED: Final[Mapping[Figure, str]] = {
    Figure.FREQUENCY: "DORA: deployment frequency. As in Four Keys, every deployment to production "
    "counts; unlike in Four Keys, rollbacks are left out.",
    Figure.CHANGE_FAILURE_RATE: "DORA: change failure rate, the share of deployments that needed "
    "remediation. As in Four Keys and DevLake, incidents count for the deployment that they name; "
    "unlike DevLake, no incident is assigned to a deployment by time.",
    Figure.LEAD_TIME_FROM_COMMIT: "DORA: change lead time, from the commit to production. As in "
    "Four Keys, the median of all changes; but only the commit from which the version was built "
    "counts, not the other commits that the version contains.",
    Figure.RECOVERY_TIME: "DORA: failed deployment recovery time. As in Four Keys, an incident "
    "lasts from its start until it is resolved.",
}
"""Maps metrics to the published definitions that they follow, with the differences. Other metrics
follow none.

DORA: https://dora.dev/guides/dora-metrics-four-keys/. Four Keys:
https://github.com/dora-team/fourkeys. DevLake: https://devlake.apache.org/docs/DORA/.
"""
