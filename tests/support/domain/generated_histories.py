"""Small worlds, made by people who try this and that, for tests that look at many of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.freezes.freezes import impose_freeze, lift_freeze
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
from gatepost_domain.errors import Refusal
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope
from gatepost_domain.status import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_stage,
    an_actor,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment, run_sync
from tests.support.domain.claims import a_step, claim, finish
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS
from tests.support.domain.promotion import advance_to, release_hold, roll_back, unblock_version
from tests.support.memory.ledger import InMemoryLedger

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

_environments = st.sampled_from(sorted(POLICIES)) | st.sampled_from(PROMOTION_PATH)
_requesters = st.sampled_from(["ada", "bo"])
_versions = st.sampled_from(VERSIONS)
_numbers = st.integers(0, 7)

steps: st.SearchStrategy[Operation] = st.one_of(
    st.builds(RequestVersion, environment=_environments, requester=_requesters, version=_versions),
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
    st.builds(AdvanceClock, minutes=st.sampled_from([1, 60, 60, 400])),
    st.builds(ImposeFreeze, effect=st.sampled_from(Effect), tier=st.sampled_from(Tier)),
    st.builds(LiftFreeze),
)


@dataclass(kw_only=True)
class Scenario:
    """A ledger, what time it is there, and how to take a step."""

    ledger: InMemoryLedger
    now: datetime = NOON

    @property
    def count(self) -> int:
        """How many deployments there are."""
        return run_sync(self.ledger.read_snapshot(lambda uow: uow.deployments.next_number())) - 1

    def apply(self, step: Operation) -> None:
        """Take a step; what is refused is refused."""
        with contextlib.suppress(Refusal):
            _OPERATIONS[type(step)](self, step)

    def act(self, action: Action, number: int, by: Actor | str) -> None:
        """Somebody acts now, on the deployment of a number, counted round those there are."""
        run_sync(perform_action(self.ledger, action, number % self.count + 1, by, at=self.now))

    def ask(self, step: RequestVersion | DeployVersion) -> int:
        """Somebody asks now; the answer is the number."""
        asked = run_sync(
            request_deployment(
                self.ledger,
                environment=step.environment,
                requester=step.requester,
                version=step.version,
                at=self.now,
            )
        )
        return asked.number

    def advance(self, number: int, choice: int) -> bool:
        """Take one of the actions that a deployment admits, by the first who can, if anybody."""
        actions = list(DESIGNED_TRANSITIONS[run_sync(self.ledger.deployment(number)).status])
        for by in PEOPLE.values() if actions else ():
            with contextlib.suppress(Refusal):
                self.act(actions[choice % len(actions)], number - 1, by)
                return True
        return False

    def deploy(self, step: DeployVersion) -> None:
        """Ask, and go on until it has succeeded or nobody can go on."""
        number = self.ask(step)
        while run_sync(self.ledger.deployment(number)).status is not Status.SUCCEEDED:
            if not self.advance(number, 0) and not self.override_gate(number):
                return

    def override_gate(self, number: int) -> bool:
        """Let bo pass the gate of promotion or soak, if one of them is what it waits for."""
        with contextlib.suppress(Refusal):
            self.act(Action.OVERRIDE, number - 1, PEOPLE["bo"])
            return True
        return False

    def roll_back(self, number: int) -> None:
        """Roll back and redeploy."""
        stood = self.numbers_with(Status.SUCCEEDED)
        if stood:
            reference = stood[number % len(stood)]
            run_sync(roll_back(self.ledger, reference, PEOPLE["bo"], at=self.now))

    def act_on_status(self, step: ActOnStatus) -> None:
        """Act on one that is at a status; after-reviews are given where they are owed."""
        there = self.numbers_with(step.status)
        if step.action is Action.AFTER_REVIEW:
            there = [each for each in there if run_sync(self.ledger.deployment(each)).break_glass]
        if there:
            self.act(step.action, there[step.number % len(there)] - 1, PEOPLE[step.by])

    def numbers_with(self, status: Status) -> list[int]:
        """The numbers of those that are at a status."""
        numbers = range(1, self.count + 1)
        return [each for each in numbers if run_sync(self.ledger.deployment(each)).status is status]

    def run_worker(self, step: RunWorker) -> None:
        """A worker takes what there is to do, and may end it."""
        task = run_sync(claim(self.ledger, step.worker, at=self.now))
        if task is not None and step.outcome is not None:
            note, told = "So it went.", [a_step(at=self.now)]
            run_sync(
                finish(
                    self.ledger,
                    task.claim,
                    step.outcome,
                    at=self.now,
                    note=note,
                    steps=told,
                )
            )

    def lift_restrictions(self, environment: str) -> None:
        """Unblock every version there, and release the hold."""
        for version in VERSIONS:
            with contextlib.suppress(Refusal):
                run_sync(unblock_version(self.ledger, version, environment=environment))
        run_sync(release_hold(self.ledger, environment=environment))

    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)
        run_sync(advance_to(self.ledger, self.now))

    def freeze(self, step: ImposeFreeze) -> None:
        """Impose a freeze now."""
        delay = timedelta(hours=1) if step.effect is Effect.ALLOW else None
        asked = FreezeRequest(
            effect=step.effect,
            scope=FreezeScope(tier=step.tier),
            reason="The sale.",
            starts_at=None if delay is None else self.now + delay,
            ttl=delay,
        )
        command = a_command("olga", at=self.now)
        imposing = partial(impose_freeze, request=asked, command=command, id=an_id(), new_id=an_id)
        run_sync(self.ledger.perform(imposing))

    def lift_freeze(self) -> None:
        """Lift the freeze that was imposed first."""
        standing = run_sync(
            self.ledger.read_snapshot(lambda uow: uow.freezes.list_unexpired(self.now))
        )
        if standing:
            first, command = standing[0].id, a_command("olga", at=self.now)
            lifting = partial(lift_freeze, freeze=first, command=command, new_id=an_id)
            run_sync(self.ledger.perform(lifting))


_OPERATIONS: Final[Mapping[type[Operation], Callable[[Scenario, Any], object]]] = {
    RequestVersion: Scenario.ask,
    DeployVersion: Scenario.deploy,
    ActOnStatus: Scenario.act_on_status,
    RollBack: lambda world, step: world.roll_back(step.number),
    RunWorker: Scenario.run_worker,
    LiftRestrictions: lambda world, step: world.lift_restrictions(step.environment),
    AdvanceClock: lambda world, step: world.wait(step.minutes),
    AdvanceDeployment: lambda world, step: world.advance(
        step.number % world.count + 1, step.choice
    ),
    AttemptAction: lambda world, step: world.act(step.action, step.number, step.by),
    ImposeFreeze: Scenario.freeze,
    LiftFreeze: lambda world, _: world.lift_freeze(),
}


def scenario_ledger() -> InMemoryLedger:
    """A ledger that knows the shop and every sort of environment."""
    ledger = InMemoryLedger()
    run_sync(create_catalog(ledger, versions=VERSIONS, policies=POLICIES))
    return ledger


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A world after some steps, those refused included; there is a deployment at least."""
    world = Scenario(ledger=scenario_ledger())
    first = RequestVersion(environment=draw(_environments), requester="ada", version="1.0.0")
    for step in [first, *draw(st.lists(steps, max_size=20) | st.lists(steps, min_size=12))]:
        world.apply(step)
    return world
