"""Policies in requests and responses. Add each new setting to both `PolicyBody` and `Policy`.

Both classes have the fields of the domain policy and are converted by field name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Self

import msgspec

from gatepost_api.schemas.base import Instant, Line, Name, RequestModel, ResponseModel
from gatepost_domain.catalog import policy as domain
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.policy import (
    AcceptRecords,
    ExecutionMode,
    IndependentReviewers,
    LaneMode,
    RequiresMode,
    RollbackApprovals,
)

MAX_DURATION_S: Final = 10 * 366 * 24 * 3600
"""The maximum value of every duration in a policy: ten years."""

MAX_OPEN_REQUESTS: Final = 10_000
"""The highest limit on open requests that a policy can set. It is bounded because the open requests
are counted for every new one."""

Seconds = Annotated[int, msgspec.Meta(ge=1, le=MAX_DURATION_S)]
SettingsApprovals = Annotated[int, msgspec.Meta(ge=0, le=1)]
OpenRequests = Annotated[int, msgspec.Meta(ge=1, le=MAX_OPEN_REQUESTS)]


class ApprovalRuleBody(RequestModel):
    """The approvals required from a group, one user or, if neither is set, any reviewers."""

    group: Name | None = None
    """Only approvals by members of this group count."""
    user: Line | None = None
    """Only approvals by this user count."""
    required: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    """The number of approvals required."""


class ApprovalStageBody(RequestModel):
    """One stage of a review."""

    name: Name
    rules: Annotated[list[ApprovalRuleBody], msgspec.Meta(min_length=1, max_length=10)]
    """The rules of the stage. All must be satisfied, and each approval counts toward only one
    rule."""


class PolicyBody(RequestModel):
    """The rules of an environment."""

    example: ClassVar[Mapping[str, object] | None] = {
        "approval_stages": [
            {"name": "qa", "rules": [{"group": "qa"}]},
            {"name": "devops", "rules": [{"group": "devops", "required": 2}]},
        ],
        "reviewer_may_start": False,
    }

    approval_stages: Annotated[list[ApprovalStageBody], msgspec.Meta(max_length=10)] = (
        msgspec.field(default_factory=list[ApprovalStageBody])
    )
    """The approval stages in order. If empty, deployments are approved at once."""
    distinct_reviewers: bool = True
    """Whether each person may approve in at most one stage."""
    independent_reviewers: IndependentReviewers = IndependentReviewers.MARKED
    """What happens if one person could have acted both as a reviewer and as the requester or an
    earlier reviewer, because that person created or invited at least one of these two users, or
    reset that user's credentials: `marked` counts the approval and marks the deployment
    permanently, `required` refuses the approval."""
    reviewer_may_start: bool = True
    """Whether a reviewer who approved a deployment can also start it."""
    execution: ExecutionMode = ExecutionMode.OPERATOR
    """Who carries out deployments once they start: people or their pipelines (`operator`), or a
    Gatepost worker (`worker`)."""
    lane: LaneMode = LaneMode.QUEUE
    """How concurrent deployments of one service to this environment are handled: `queue` starts
    them one at a time, `supersede` cancels older waiting deployments when a newer one starts,
    `reject` refuses to queue a deployment while another is in progress."""
    auto_start: bool = False
    """Whether approved deployments start, or are queued for a worker, automatically."""
    approval_expires_s: Seconds | None = None
    """How long a deployment can wait for approval before it is cancelled, in seconds. Once
    approved, it can wait equally long to start. Null means that it never expires."""
    requires: Annotated[list[Name], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list[str]
    )
    """The environments in which a version must have succeeded, without a later rollback, before
    its deployment to this environment can start."""
    requires_mode: RequiresMode = RequiresMode.ALL
    """Whether the version must have succeeded in all of the environments in `requires`, or in at
    least one."""
    accept_records: AcceptRecords = AcceptRecords.OPERATORS
    """Which records of deployments made elsewhere count as a success in the environments in
    `requires`: `none`; `operators`, those recorded by a current operator of the record's
    environment who is independent of the requester; or `any`."""
    soak_s: Annotated[int, msgspec.Meta(ge=0, le=MAX_DURATION_S)] = 0
    """How long the version must have been live in the environments in `requires` without
    interruption, in seconds. A record that was added after the deployment counts from the time it
    was recorded."""
    max_age_s: Seconds | None = None
    """The maximum age, in seconds, of the version's success in the environments in `requires`.
    Null means no limit."""
    promotes_to: Name | None = None
    """The next environment: the default destination of promotions."""
    auto_promote: bool = False
    """Whether deployments that succeed in this environment are promoted automatically, on behalf
    of their requester."""
    rollback_approvals: RollbackApprovals = RollbackApprovals.SAME
    """Whether rollbacks require the same approvals as other deployments, or none."""
    after_review_s: Seconds = domain.Policy().after_review_s
    """The time, in seconds, until the retrospective review (after-review) of a break-glass approval
    is due."""
    outgoing_allow: Annotated[list[Line], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=list[str]
    )
    """The hosts and networks that checks and executors can call, such as `shop.example`,
    `*.example` or `10.0.0.0/8`."""
    max_open_per_requester: OpenRequests | None = domain.Policy().max_open_per_requester
    """The maximum number of deployments per requester that can wait to start in this environment;
    further requests are refused with 409. Null means no limit."""
    max_open_per_lane: OpenRequests | None = domain.Policy().max_open_per_lane
    """The maximum number of deployments per service that can wait to start in this environment;
    further requests are refused with 409. Null means no limit."""
    settings_approvals: SettingsApprovals = domain.Policy().settings_approvals
    """How many other admins must approve changes to this policy, to the environment's tier,
    archival and targets, and to roles and groups that decide on the environment's deployments: 0 or
    1. With 1, such a change is not applied at once: the response is 202 with a settings change."""

    def to_domain(self) -> domain.Policy:
        """Return the domain policy."""
        return msgspec.convert(msgspec.to_builtins(self), domain.Policy)


class ApprovalRule(ResponseModel):
    """The approvals required from a group, one user or, if neither is set, any reviewers."""

    group: str | None
    """The group whose members' approvals count. Null if the rule does not name a group."""
    user: str | None
    """The user whose approval counts. Null if the rule does not name a user."""
    required: int
    """The number of approvals required."""


class ApprovalStage(ResponseModel):
    """One stage of a review."""

    name: str
    """The name of the stage, unique in the policy."""
    rules: list[ApprovalRule]
    """The rules of the stage, all of which must be satisfied."""


class Policy(ResponseModel):
    """One version of an environment's rules.

    A deployment keeps the version that was current when it was requested.
    """

    environment: str
    """The environment's name."""
    version: int
    """The version number, starting at 1. Also the ETag."""
    created_at: Instant
    """When this version of the policy was stored."""
    created_by: str
    """Who stored this version of the policy."""
    approval_stages: list[ApprovalStage]
    """The approval stages in order. If empty, deployments are approved at once."""
    distinct_reviewers: bool
    """Whether each person may approve in at most one stage."""
    independent_reviewers: IndependentReviewers
    reviewer_may_start: bool
    """Whether a reviewer who approved a deployment can also start it."""
    execution: ExecutionMode
    lane: LaneMode
    auto_start: bool
    """Whether approved deployments start automatically."""
    approval_expires_s: int | None
    """How long a deployment can wait for approval before it is cancelled, in seconds. Once
    approved, it can wait equally long to start. Null means that it never expires."""
    requires: list[str]
    """The environments in which a version must have succeeded before it can be deployed here."""
    requires_mode: RequiresMode
    accept_records: AcceptRecords
    soak_s: int
    """How long, in seconds, the version must have been live in the required environments."""
    max_age_s: int | None
    """The maximum age, in seconds, of the version's success in the required environments. Null
    means no limit."""
    promotes_to: str | None
    """The next environment. Null if there is none."""
    auto_promote: bool
    """Whether deployments that succeed here are promoted to `promotes_to` automatically."""
    rollback_approvals: RollbackApprovals
    after_review_s: int
    """The time, in seconds, until the retrospective review (after-review) of a break-glass approval
    is due."""
    outgoing_allow: list[str]
    """The hosts and networks that checks and executors may call."""
    max_open_per_requester: int | None
    """The maximum number of deployments per requester that can wait to start. Null means no
    limit."""
    max_open_per_lane: int | None
    """The maximum number of deployments per service that can wait to start. Null means no limit."""
    settings_approvals: int
    """How many other admins must approve a change to guarded settings: 0 or 1."""

    @classmethod
    def from_domain(cls, version: PolicyVersion) -> Self:
        """Map one version of a domain policy to its response."""
        rules = msgspec.to_builtins(version.policy)
        return msgspec.convert({**rules, **msgspec.to_builtins(version)}, cls)


class PolicyPage(ResponseModel):
    """A page of an environment's policy versions, newest first."""

    items: list[Policy]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
