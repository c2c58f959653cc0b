"""The request body of a policy."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from gatepost_api.schemas.base import Line, Name, RequestModel
from gatepost_domain.catalog import policy
from gatepost_domain.catalog.policy import ExecutionMode, LaneMode, RequiresMode, RollbackApprovals

MAX_DURATION_S: Final = 10 * 366 * 24 * 3600
"""Ten years: longer than anything is made to wait."""


Seconds = Annotated[int, msgspec.Meta(ge=1, le=MAX_DURATION_S)]


class ApprovalRuleBody(RequestModel):
    """So many approvals by members of a group, by one user, or by any reviewer."""

    group: Name | None = None
    """Only members of this group count."""
    user: Line | None = None
    """Only this user counts."""
    required: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    """How many approvals it takes."""


class ApprovalStageBody(RequestModel):
    """One step of a review."""

    name: Name
    rules: Annotated[list[ApprovalRuleBody], msgspec.Meta(min_length=1, max_length=10)]
    """All of them must be satisfied, each approval counting for one of them."""


class PolicyBody(RequestModel):
    """The rules of an environment."""

    example = {
        "approval_stages": [
            {"name": "qa", "rules": [{"group": "qa"}]},
            {"name": "devops", "rules": [{"group": "devops", "required": 2}]},
        ],
        "reviewer_may_start": False,
    }

    approval_stages: Annotated[list[ApprovalStageBody], msgspec.Meta(max_length=10)] = (
        msgspec.field(default_factory=list[ApprovalStageBody])
    )
    """In order; none: a deployment is approved at once."""
    distinct_reviewers: bool = True
    """Whether a person may approve in one stage only."""
    reviewer_may_start: bool = True
    """Whether somebody who approved a deployment may also start it."""
    execution: ExecutionMode = ExecutionMode.OPERATOR
    """Who carries a started deployment out."""
    lane: LaneMode = LaneMode.QUEUE
    """What becomes of the others where several wait for one service in one environment: each waits
    for its turn, what goes ahead ends those before it that still wait, or none is queued while
    another is under way."""
    auto_start: bool = False
    """Whether an approved deployment starts, or queues, by itself."""
    approval_expires_s: Seconds | None = None
    """How long a request waits for its reviewers before it is cancelled, and then once more for its
    start; none: for ever."""
    requires: Annotated[list[Name], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list[str]
    )
    """The environments in which a version must have succeeded, and not been rolled back since,
    before it may start here."""
    requires_mode: RequiresMode = RequiresMode.ALL
    """Whether in all of them, or in any."""
    soak_s: Annotated[int, msgspec.Meta(ge=0, le=MAX_DURATION_S)] = 0
    """How long it must have stood there without a break."""
    max_age_s: Seconds | None = None
    """How long ago it may have succeeded there; none: however long."""
    promotes_to: Name | None = None
    """The environment that comes next: where a promotion goes unless told otherwise."""
    auto_promote: bool = False
    """Whether what succeeds here is asked for there by itself, in the name of whoever asked."""
    rollback_approvals: RollbackApprovals = RollbackApprovals.SAME
    """Whether a rollback needs the same review as any other deployment, or none."""
    after_review_s: Seconds = policy.Policy().after_review_s
    """How long after a break-glass its review is due."""
    outgoing_allow: Annotated[list[Line], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=list[str]
    )
    """The hosts and networks that checks and executors may call: `shop.example`, `*.example`,
    `10.0.0.0/8`."""

    def to_domain(self) -> policy.Policy:
        """As the domain has it."""
        return policy.Policy(
            approval_stages=tuple(
                policy.ApprovalStage(
                    name=stage.name,
                    rules=tuple(
                        policy.ApprovalRule(
                            group=rule.group, user=rule.user, required=rule.required
                        )
                        for rule in stage.rules
                    ),
                )
                for stage in self.approval_stages
            ),
            distinct_reviewers=self.distinct_reviewers,
            reviewer_may_start=self.reviewer_may_start,
            execution=self.execution,
            lane=self.lane,
            auto_start=self.auto_start,
            approval_expires_s=self.approval_expires_s,
            requires=tuple(self.requires),
            requires_mode=self.requires_mode,
            soak_s=self.soak_s,
            max_age_s=self.max_age_s,
            promotes_to=self.promotes_to,
            auto_promote=self.auto_promote,
            rollback_approvals=self.rollback_approvals,
            after_review_s=self.after_review_s,
            outgoing_allow=tuple(self.outgoing_allow),
        )
