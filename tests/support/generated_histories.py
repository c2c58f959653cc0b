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
    Execution,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.claim import Ending
from gatepost_domain.errors import Refusal
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, Scope
from gatepost_domain.status import Action, Status
from tests.support.acting import act, ask, at_once
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_stage,
    an_actor,
    an_id,
    with_catalog,
)
from tests.support.claims import a_step, claim, finish
from tests.support.lifecycle import NEXT
from tests.support.memory.ledger import InMemoryLedger
from tests.support.scenario_steps import pass_time, release, roll_back, unblock

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
        a_policy(a_stage("qa"), execution=Execution.WORKER, auto_start=True),
    ),
    "rapid": (Tier.TEST, a_policy(lane=LaneMode.SUPERSEDE)),
    "strict": (Tier.TEST, a_policy(execution=Execution.WORKER, lane=LaneMode.REJECT)),
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
            execution=Execution.WORKER,
            rollback_approvals=RollbackApprovals.NONE,
            auto_start=True,
        ),
    ),
}
"""Environments of every sort: two stages, any reviewer, several rules, no review, worker-run, what
becomes of those that wait, and a way from one to the next with all that can be asked on it."""

WAY: Final = ("first", "second", "third", "yard")
VERSIONS: Final = ("1.0.0", "2.0.0", "3.0.0")


@dataclass(frozen=True, kw_only=True)
class Try:
    """Somebody tries an action on the deployment of a number, counted round those there are."""

    action: Action
    number: int
    by: Actor


@dataclass(frozen=True, kw_only=True)
class Move:
    """A deployment is moved on by one of the actions it admits, by the first who can.

    Mostly forward: the first action that a status admits is the one it is there for.
    """

    choice: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Somebody asks for a version of the shop in an environment."""

    environment: str
    requester: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """Somebody asks for a version of the shop, and it is moved on as far as it goes."""

    environment: str
    requester: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Somebody takes an action on one of those that are at a status, counted round them."""

    action: Action
    status: Status
    number: int
    by: str


@dataclass(frozen=True, kw_only=True)
class GoBack:
    """Bo rolls back one of those that succeeded and redeploys what stood before, if there is."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Forgive:
    """Whatever is blocked or held in an environment is let go."""

    environment: str


@dataclass(frozen=True, kw_only=True)
class Labour:
    """A worker takes what there is to do and, unless it is lost at once, ends it."""

    worker: str
    outcome: Ending | None


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Time passes, and what is due happens."""

    minutes: int


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """Somebody lets a tier take no new starts, or only in windows, of which none is open."""

    effect: Effect
    tier: Tier


@dataclass(frozen=True, kw_only=True)
class Thaw:
    """Somebody lifts the freeze that was imposed first."""


Step: TypeAlias = Ask | Deploy | Aim | GoBack | Forgive | Labour | Wait | Move | Try | Freeze | Thaw

_anywhere = st.sampled_from(sorted(POLICIES)) | st.sampled_from(WAY)
_requesters = st.sampled_from(["ada", "bo"])
_versions = st.sampled_from(VERSIONS)
_numbers = st.integers(0, 7)

steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Ask, environment=_anywhere, requester=_requesters, version=_versions),
    st.builds(Deploy, environment=st.sampled_from(WAY), requester=_requesters, version=_versions),
    st.builds(Move, choice=st.sampled_from([0, 0, 0, 0, 1, 2, 3]), number=_numbers),
    st.builds(
        Try,
        action=st.sampled_from(Action),
        number=_numbers,
        by=st.sampled_from(list(PEOPLE.values())),
    ),
    st.builds(
        Aim,
        action=st.sampled_from([Action.OVERRIDE, Action.BREAK_GLASS, Action.CANCEL]),
        status=st.sampled_from([Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED]),
        number=_numbers,
        by=st.sampled_from(["bo", "quinn"]),
    ),
    st.builds(
        Aim,
        action=st.just(Action.AFTER_REVIEW),
        status=st.sampled_from([Status.APPROVED, Status.STARTED, Status.SUCCEEDED]),
        number=_numbers,
        by=st.sampled_from(["quinn", "vic"]),
    ),
    st.builds(Deploy, environment=st.just("third"), requester=_requesters, version=_versions),
    st.builds(GoBack, number=_numbers),
    st.builds(Forgive, environment=st.sampled_from(WAY)),
    st.builds(
        Labour,
        worker=st.sampled_from(["one", "two"]),
        outcome=st.sampled_from([None, *Ending]),
    ),
    st.builds(Wait, minutes=st.sampled_from([1, 60, 60, 400])),
    st.builds(Freeze, effect=st.sampled_from(Effect), tier=st.sampled_from(Tier)),
    st.builds(Thaw),
)


@dataclass(kw_only=True)
class World:
    """A ledger, what time it is there, and how to take a step."""

    ledger: InMemoryLedger
    now: datetime = NOON

    @property
    def count(self) -> int:
        """How many deployments there are."""
        return at_once(self.ledger.look(lambda work: work.deployments.next_number())) - 1

    def take(self, step: Step) -> None:
        """Take a step; what is refused is refused."""
        with contextlib.suppress(Refusal):
            _TAKEN[type(step)](self, step)

    def act(self, action: Action, number: int, by: Actor | str) -> None:
        """Somebody acts now, on the deployment of a number, counted round those there are."""
        at_once(act(self.ledger, action, number % self.count + 1, by, at=self.now))

    def ask(self, step: Ask | Deploy) -> int:
        """Somebody asks now; the answer is the number."""
        asked = at_once(
            ask(
                self.ledger,
                environment=step.environment,
                requester=step.requester,
                version=step.version,
                at=self.now,
            )
        )
        return asked.number

    def move_on(self, number: int, choice: int) -> bool:
        """Take one of the actions that a deployment admits, by the first who can, if anybody."""
        actions = list(NEXT[at_once(self.ledger.deployment(number)).status])
        for by in PEOPLE.values() if actions else ():
            with contextlib.suppress(Refusal):
                self.act(actions[choice % len(actions)], number - 1, by)
                return True
        return False

    def deploy(self, step: Deploy) -> None:
        """Ask, and go on until it has succeeded or nobody can go on."""
        number = self.ask(step)
        while at_once(self.ledger.deployment(number)).status is not Status.SUCCEEDED:
            if not self.move_on(number, 0) and not self.pass_a_gate(number):
                return

    def pass_a_gate(self, number: int) -> bool:
        """Let bo pass the gate of promotion or soak, if one of them is what it waits for."""
        with contextlib.suppress(Refusal):
            self.act(Action.OVERRIDE, number - 1, PEOPLE["bo"])
            return True
        return False

    def go_back(self, number: int) -> None:
        """Roll back and redeploy."""
        stood = self.at(Status.SUCCEEDED)
        if stood:
            reference = stood[number % len(stood)]
            at_once(roll_back(self.ledger, reference, PEOPLE["bo"], at=self.now))

    def aim(self, step: Aim) -> None:
        """Act on one that is at a status; after-reviews are given where they are owed."""
        there = self.at(step.status)
        if step.action is Action.AFTER_REVIEW:
            there = [each for each in there if at_once(self.ledger.deployment(each)).break_glass]
        if there:
            self.act(step.action, there[step.number % len(there)] - 1, PEOPLE[step.by])

    def at(self, status: Status) -> list[int]:
        """The numbers of those that are at a status."""
        numbers = range(1, self.count + 1)
        return [each for each in numbers if at_once(self.ledger.deployment(each)).status is status]

    def labour(self, step: Labour) -> None:
        """A worker takes what there is to do, and may end it."""
        task = at_once(claim(self.ledger, step.worker, at=self.now))
        if task is not None and step.outcome is not None:
            note, told = "So it went.", [a_step(at=self.now)]
            at_once(
                finish(self.ledger, task.claim, step.outcome, at=self.now, note=note, steps=told)
            )

    def forgive(self, environment: str) -> None:
        """Unblock every version there, and release the hold."""
        for version in VERSIONS:
            with contextlib.suppress(Refusal):
                at_once(unblock(self.ledger, version, environment=environment))
        at_once(release(self.ledger, environment=environment))

    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)
        at_once(pass_time(self.ledger, self.now))

    def freeze(self, step: Freeze) -> None:
        """Impose a freeze now."""
        window = timedelta(hours=1) if step.effect is Effect.ALLOW else None
        asked = FreezeRequest(
            effect=step.effect,
            scope=Scope(tier=step.tier),
            reason="The sale.",
            starts_at=None if window is None else self.now + window,
            ttl=window,
        )
        command = a_command("olga", at=self.now)
        imposing = partial(impose_freeze, request=asked, command=command, id=an_id(), new_id=an_id)
        at_once(self.ledger.perform(imposing))

    def thaw(self) -> None:
        """Lift the freeze that was imposed first."""
        standing = at_once(self.ledger.look(lambda work: work.freezes.standing(self.now)))
        if standing:
            first, command = standing[0].id, a_command("olga", at=self.now)
            lifting = partial(lift_freeze, freeze=first, command=command, new_id=an_id)
            at_once(self.ledger.perform(lifting))


_TAKEN: Final[Mapping[type[Step], Callable[[World, Any], object]]] = {
    Ask: World.ask,
    Deploy: World.deploy,
    Aim: World.aim,
    GoBack: lambda world, step: world.go_back(step.number),
    Labour: World.labour,
    Forgive: lambda world, step: world.forgive(step.environment),
    Wait: lambda world, step: world.wait(step.minutes),
    Move: lambda world, step: world.move_on(step.number % world.count + 1, step.choice),
    Try: lambda world, step: world.act(step.action, step.number, step.by),
    Freeze: World.freeze,
    Thaw: lambda world, _: world.thaw(),
}


def a_world() -> InMemoryLedger:
    """A ledger that knows the shop and every sort of environment."""
    ledger = InMemoryLedger()
    at_once(with_catalog(ledger, versions=VERSIONS, policies=POLICIES))
    return ledger


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world after some steps, those refused included; there is a deployment at least."""
    world = World(ledger=a_world())
    first = Ask(environment=draw(_anywhere), requester="ada", version="1.0.0")
    for step in [first, *draw(st.lists(steps, max_size=20) | st.lists(steps, min_size=12))]:
        world.take(step)
    return world
