"""Operations on a ledger for generated histories, with their users and environments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Role
from gatepost_domain.catalog.policy import (
    ApprovalRule,
    ExecutionMode,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.claim import RolloutOutcome
from gatepost_domain.freezes.freeze import Effect
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_policy,
    a_stage,
    an_actor,
)

PEOPLE: Final = {
    name: an_actor(name, groups=groups)
    for name, groups in {
        "ada": (),
        "ADA": ("qa", "devops"),
        "quinn": ("qa",),
        "dora": ("devops",),
        "bo": ("qa", "devops"),
        "zed": (),
    }.items()
} | {"vic": an_actor("vic", groups=("qa",), roles=(Role.REVIEWER, Role.REQUESTER))}
"""The users who act. Ada requests, under two spellings, and most others review and operate.

Zed is in no group, and Vic can only review and request.
"""

POLICIES: Final[dict[str, tuple[Tier, Policy]]] = {
    "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
    "staging": (
        Tier.STAGING,
        a_policy(a_stage("review", ApprovalRule()), reviewer_may_start=False),
    ),
    "pair": (
        Tier.STAGING,
        a_policy(
            a_stage("review", ApprovalRule(group="qa"), ApprovalRule(group="devops")),
            a_stage("last", ApprovalRule(user="bo")),
            distinct_reviewers=False,
        ),
    ),
    "test": (Tier.TEST, a_policy(auto_start=True)),
    "farm": (
        Tier.TEST,
        a_policy(a_stage("qa"), execution=ExecutionMode.WORKER, auto_start=True),
    ),
    "rapid": (Tier.TEST, a_policy(lane=LaneMode.SUPERSEDE)),
    "strict": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER, lane=LaneMode.REJECT)),
    "first": (Tier.TEST, a_policy(promotes_to="second", auto_promote=True)),
    "second": (
        Tier.STAGING,
        a_policy(
            a_stage("qa"),
            requires=("first",),
            promotes_to="third",
            auto_promote=True,
            rollback_approvals=RollbackApprovals.NONE,
            auto_start=True,
            after_review_s=7200,
        ),
    ),
    "third": (
        Tier.PRODUCTION,
        a_policy(
            a_stage("qa"),
            requires=("first", "second"),
            requires_mode=RequiresMode.ANY,
            soak_s=3600,
            max_age_s=6 * 3600,
            approval_expires_s=5 * 3600,
            after_review_s=3600,
            lane=LaneMode.SUPERSEDE,
        ),
    ),
    "yard": (
        Tier.PRODUCTION,
        a_policy(
            a_stage("qa"),
            requires=("second",),
            soak_s=1800,
            execution=ExecutionMode.WORKER,
            rollback_approvals=RollbackApprovals.NONE,
            auto_start=True,
        ),
    ),
}
"""Environments of every kind.

They have two stages, any reviewer, several rules, no review, worker execution, each lane mode,
and a promotion path with every requirement.
"""

PROMOTION_PATH: Final = ("first", "second", "third", "yard")
VERSIONS: Final = ("1.0.0", "2.0.0", "3.0.0")


@dataclass(frozen=True, kw_only=True)
class AttemptAction:
    """Attempt an action on a deployment. The number is taken modulo the number of deployments."""

    action: Action
    number: int
    by: Actor


@dataclass(frozen=True, kw_only=True)
class AdvanceDeployment:
    """Perform an action that the deployment's status allows, as the first eligible user.

    The generated action is mostly the first one, which leads towards success.
    """

    choice: int
    number: int


@dataclass(frozen=True, kw_only=True)
class RequestVersion:
    """Request a version of the shop in an environment."""

    environment: str
    requester: str
    version: str


@dataclass(frozen=True, kw_only=True)
class DeployVersion:
    """Request a version of the shop and advance the deployment as far as possible."""

    environment: str
    requester: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ActOnStatus:
    """Perform an action on one of the deployments with this status."""

    action: Action
    status: Status
    number: int
    by: str


@dataclass(frozen=True, kw_only=True)
class RollBack:
    """Roll back one of the successful deployments as bo, and redeploy the previous version."""

    number: int


@dataclass(frozen=True, kw_only=True)
class LiftRestrictions:
    """Remove every block and the promotion hold of an environment."""

    environment: str


@dataclass(frozen=True, kw_only=True)
class RunWorker:
    """Let a worker claim a task and, unless the worker is lost, finish the task."""

    worker: str
    outcome: RolloutOutcome | None


@dataclass(frozen=True, kw_only=True)
class EndConsent:
    """End the consent of a person, as if they were disabled."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ReplaceTarget:
    """Replace the settings of the shop in an environment."""

    environment: str


@dataclass(frozen=True, kw_only=True)
class AdvanceClock:
    """Advance the clock and perform the work that is due."""

    minutes: int


@dataclass(frozen=True, kw_only=True)
class ImposeFreeze:
    """Freeze a tier, or impose an allow window that is not open."""

    effect: Effect
    tier: Tier


@dataclass(frozen=True, kw_only=True)
class LiftFreeze:
    """Lift the oldest freeze."""


Operation: TypeAlias = (
    RequestVersion
    | DeployVersion
    | ActOnStatus
    | RollBack
    | LiftRestrictions
    | RunWorker
    | EndConsent
    | ReplaceTarget
    | AdvanceClock
    | AdvanceDeployment
    | AttemptAction
    | ImposeFreeze
    | LiftFreeze
)

environment_names = st.sampled_from(sorted(POLICIES)) | st.sampled_from(PROMOTION_PATH)
_requesters = st.sampled_from(["ada", "bo"])
_versions = st.sampled_from(VERSIONS)
_numbers = st.integers(0, 7)

operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(
        RequestVersion, environment=environment_names, requester=_requesters, version=_versions
    ),
    st.builds(
        DeployVersion,
        environment=st.sampled_from(PROMOTION_PATH),
        requester=_requesters,
        version=_versions,
    ),
    st.builds(AdvanceDeployment, choice=st.sampled_from([0, 0, 0, 0, 1, 2, 3]), number=_numbers),
    st.builds(
        AttemptAction,
        action=st.sampled_from(Action),
        number=_numbers,
        by=st.sampled_from(list(PEOPLE.values())),
    ),
    st.builds(
        ActOnStatus,
        action=st.sampled_from([Action.OVERRIDE, Action.BREAK_GLASS, Action.CANCEL]),
        status=st.sampled_from([Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED]),
        number=_numbers,
        by=st.sampled_from(["bo", "quinn"]),
    ),
    st.builds(
        ActOnStatus,
        action=st.just(Action.AFTER_REVIEW),
        status=st.sampled_from([Status.APPROVED, Status.STARTED, Status.SUCCEEDED]),
        number=_numbers,
        by=st.sampled_from(["quinn", "vic"]),
    ),
    st.builds(
        DeployVersion, environment=st.just("third"), requester=_requesters, version=_versions
    ),
    st.builds(RollBack, number=_numbers),
    st.builds(LiftRestrictions, environment=st.sampled_from(PROMOTION_PATH)),
    st.builds(
        RunWorker,
        worker=st.sampled_from(["one", "two"]),
        outcome=st.sampled_from([None, *RolloutOutcome]),
    ),
    st.builds(EndConsent, name=st.sampled_from(["ada", "quinn", "bo"])),
    st.builds(ReplaceTarget, environment=st.sampled_from(["farm", "production", "yard"])),
    st.builds(
        ActOnStatus,
        action=st.just(Action.WITHDRAW),
        status=st.sampled_from([Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED]),
        number=_numbers,
        by=st.sampled_from(["quinn", "bo"]),
    ),
    st.builds(AdvanceClock, minutes=st.sampled_from([1, 60, 60, 400])),
    st.builds(ImposeFreeze, effect=st.sampled_from(Effect), tier=st.sampled_from(Tier)),
    st.builds(LiftFreeze),
)
