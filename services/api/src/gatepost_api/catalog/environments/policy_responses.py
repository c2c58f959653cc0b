"""Policies in responses."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.catalog import policy
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.policy import ExecutionMode, LaneMode, RequiresMode, RollbackApprovals


class ApprovalRule(ResponseModel):
    """So many approvals by members of a group, by one user, or by any reviewer."""

    group: str | None
    user: str | None
    required: int


class ApprovalStage(ResponseModel):
    """One step of a review."""

    name: str
    rules: list[ApprovalRule]

    @classmethod
    def from_domain(cls, stage: policy.ApprovalStage) -> Self:
        """As the domain has it."""
        return cls(
            name=stage.name,
            rules=[
                ApprovalRule(group=rule.group, user=rule.user, required=rule.required)
                for rule in stage.rules
            ],
        )


class Policy(ResponseModel):
    """One version of an environment's rules. A deployment keeps the version it was asked under."""

    environment: str
    version: int
    """Counts from 1; it is also the ETag."""
    created_at: Instant
    created_by: str
    approval_stages: list[ApprovalStage]
    distinct_reviewers: bool
    reviewer_may_start: bool
    execution: ExecutionMode
    lane: LaneMode
    auto_start: bool
    approval_expires_s: int | None
    requires: list[str]
    requires_mode: RequiresMode
    soak_s: int
    max_age_s: int | None
    promotes_to: str | None
    auto_promote: bool
    rollback_approvals: RollbackApprovals
    after_review_s: int
    outgoing_allow: list[str]

    @classmethod
    def from_domain(cls, version: PolicyVersion) -> Self:
        """As the domain has it."""
        rules = version.policy
        return cls(
            environment=version.environment,
            version=version.version,
            created_at=version.created_at,
            created_by=version.created_by,
            approval_stages=[ApprovalStage.from_domain(stage) for stage in rules.approval_stages],
            distinct_reviewers=rules.distinct_reviewers,
            reviewer_may_start=rules.reviewer_may_start,
            execution=rules.execution,
            lane=rules.lane,
            auto_start=rules.auto_start,
            approval_expires_s=rules.approval_expires_s,
            requires=list(rules.requires),
            requires_mode=rules.requires_mode,
            soak_s=rules.soak_s,
            max_age_s=rules.max_age_s,
            promotes_to=rules.promotes_to,
            auto_promote=rules.auto_promote,
            rollback_approvals=rules.rollback_approvals,
            after_review_s=rules.after_review_s,
            outgoing_allow=list(rules.outgoing_allow),
        )


class PolicyPage(ResponseModel):
    """The versions of an environment's policy, the latest first."""

    items: list[Policy]
    next_cursor: str | None
