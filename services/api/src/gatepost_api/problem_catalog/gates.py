"""Problems reported by gates that prevent a deployment from starting."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="approval_missing",
        statuses=(409,),
        title="Approval missing",
        meaning="The open approval stage lacks approvals.",
        remedy="Wait for the reviewers that `detail` names.",
    ),
    ProblemKind(
        code="rejected",
        statuses=(409,),
        title="Rejected",
        meaning="A reviewer rejected the deployment.",
        remedy="Create a new request to try again.",
    ),
    ProblemKind(
        code="frozen",
        statuses=(409,),
        title="Frozen",
        meaning="A freeze covers this service and environment now.",
        remedy=(
            "Wait until the freeze ends, or have a user with the `emergency` role override the "
            "gate."
        ),
    ),
    ProblemKind(
        code="outside_window",
        statuses=(409,),
        title="Outside the deployment window",
        meaning="Deployments start here only in certain periods, and none is open now.",
        remedy=(
            "Wait for the next period, or have a user with the `emergency` role override the gate."
        ),
    ),
    ProblemKind(
        code="lane_busy",
        statuses=(409,),
        title="Lane busy",
        meaning="Another deployment of this service is in progress in this environment.",
        remedy="Wait until the other deployment has ended.",
    ),
    ProblemKind(
        code="outdated",
        statuses=(409,),
        title="Outdated",
        meaning="A deployment of this service that was requested later has already started here.",
        remedy="Create a new request if you still want the older version.",
    ),
    ProblemKind(
        code="held",
        statuses=(409,),
        title="Promotion on hold",
        meaning=(
            "Automatic promotion of this service to this environment is on hold, because a person "
            "manually deployed another version there."
        ),
        remedy="Have an operator release the hold, or have the gate overridden.",
    ),
    ProblemKind(
        code="upstream_missing",
        statuses=(409,),
        title="Earlier deployment missing",
        meaning="The policy requires the version to succeed in other environments first.",
        remedy="Deploy the version to the required environments first.",
    ),
    ProblemKind(
        code="upstream_too_old",
        statuses=(409,),
        title="Earlier success too old",
        meaning="The version succeeded in the required environments too long ago.",
        remedy="Deploy the version to the required environments again.",
    ),
    ProblemKind(
        code="soaking",
        statuses=(409,),
        title="Soak time not over",
        meaning=(
            "The version has not been live long enough in the environments that the policy "
            "requires."
        ),
        remedy="Wait until the time that `detail` names.",
    ),
    ProblemKind(
        code="after_review_overdue",
        statuses=(409,),
        title="Break-glass review overdue",
        meaning="The review of an earlier break-glass in this environment is overdue.",
        remedy="Have a reviewer close that review first.",
    ),
)
"""The kinds of problems, one for each code."""
