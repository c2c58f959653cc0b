"""People, policies and operations from which histories are generated."""

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
from gatepost_domain.status import Action, Status
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
"""Who acts: ada asks, under either spelling; the others review and operate, zed in no group.

Vic reviews and asks, and may nothing else.
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
"""Environments of every sort: two stages, any reviewer, several rules, no review, worker-run, what
becomes of those that wait, and a way from one to the next with all that can be asked on it."""


PROMOTION_PATH: Final = ("first", "second", "third", "yard")


VERSIONS: Final = ("1.0.0", "2.0.0", "3.0.0")


@dataclass(frozen=True, kw_only=True)
class AttemptAction:
    """Somebody tries an action on the deployment of a number, counted round those there are."""

    action: Action
    number: int
    by: Actor


@dataclass(frozen=True, kw_only=True)
class AdvanceDeployment:
    """A deployment is moved on by one of the actions it admits, by the first who can.

    Mostly forward: the first action that a status admits is the one it is there for.
    """

    choice: int
    number: int


@dataclass(frozen=True, kw_only=True)
class RequestVersion:
    """Somebody asks for a version of the shop in an environment."""

    environment: str
    requester: str
    version: str


@dataclass(frozen=True, kw_only=True)
class DeployVersion:
    """Somebody asks for a version of the shop, and it is moved on as far as it goes."""

    environment: str
    requester: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ActOnStatus:
    """Somebody takes an action on one of those that are at a status, counted round them."""

    action: Action
    status: Status
    number: int
    by: str


@dataclass(frozen=True, kw_only=True)
class RollBack:
    """Bo rolls back one of those that succeeded and redeploys what stood before, if there is."""

    number: int


@dataclass(frozen=True, kw_only=True)
class LiftRestrictions:
    """Whatever is blocked or held in an environment is let go."""

    environment: str


@dataclass(frozen=True, kw_only=True)
class RunWorker:
    """A worker takes what there is to do and, unless it is lost at once, ends it."""

    worker: str
    outcome: RolloutOutcome | None


@dataclass(frozen=True, kw_only=True)
class AdvanceClock:
    """Time passes, and what is due happens."""

    minutes: int


@dataclass(frozen=True, kw_only=True)
class ImposeFreeze:
    """Somebody lets a tier take no new starts, or only in windows, of which none is open."""

    effect: Effect
    tier: Tier


@dataclass(frozen=True, kw_only=True)
class LiftFreeze:
    """Somebody lifts the freeze that was imposed first."""


Operation: TypeAlias = (
    RequestVersion
    | DeployVersion
    | ActOnStatus
    | RollBack
    | LiftRestrictions
    | RunWorker
    | AdvanceClock
    | AdvanceDeployment
    | AttemptAction
    | ImposeFreeze
    | LiftFreeze
)


environments = st.sampled_from(sorted(POLICIES)) | st.sampled_from(PROMOTION_PATH)


requesters = st.sampled_from(["ada", "bo"])


versions = st.sampled_from(VERSIONS)


numbers = st.integers(0, 7)


operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(RequestVersion, environment=environments, requester=requesters, version=versions),
    st.builds(
        DeployVersion,
        environment=st.sampled_from(PROMOTION_PATH),
        requester=requesters,
        version=versions,
    ),
    st.builds(AdvanceDeployment, choice=st.sampled_from([0, 0, 0, 0, 1, 2, 3]), number=numbers),
    st.builds(
        AttemptAction,
        action=st.sampled_from(Action),
        number=numbers,
        by=st.sampled_from(list(PEOPLE.values())),
    ),
    st.builds(
        ActOnStatus,
        action=st.sampled_from([Action.OVERRIDE, Action.BREAK_GLASS, Action.CANCEL]),
        status=st.sampled_from([Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED]),
        number=numbers,
        by=st.sampled_from(["bo", "quinn"]),
    ),
    st.builds(
        ActOnStatus,
        action=st.just(Action.AFTER_REVIEW),
        status=st.sampled_from([Status.APPROVED, Status.STARTED, Status.SUCCEEDED]),
        number=numbers,
        by=st.sampled_from(["quinn", "vic"]),
    ),
    st.builds(DeployVersion, environment=st.just("third"), requester=requesters, version=versions),
    st.builds(RollBack, number=numbers),
    st.builds(LiftRestrictions, environment=st.sampled_from(PROMOTION_PATH)),
    st.builds(
        RunWorker,
        worker=st.sampled_from(["one", "two"]),
        outcome=st.sampled_from([None, *RolloutOutcome]),
    ),
    st.builds(AdvanceClock, minutes=st.sampled_from([1, 60, 60, 400])),
    st.builds(ImposeFreeze, effect=st.sampled_from(Effect), tier=st.sampled_from(Tier)),
    st.builds(LiftFreeze),
)
