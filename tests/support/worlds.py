"""Small worlds, made by people who try this and that, for tests that look at many of them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from hypothesis import strategies as st

from gatepost_domain.actions.freezes import impose_freeze, lift_freeze
from gatepost_domain.actor import Actor
from gatepost_domain.errors import Refusal
from gatepost_domain.freeze import Effect, FreezeRequest, Scope
from gatepost_domain.memory import InMemoryLedger
from gatepost_domain.policy import ApprovalRule, Execution, LaneMode, Policy, Tier
from gatepost_domain.status import Action
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
from tests.support.lifecycle import NEXT

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
}
"""Who acts: ada asks, under either spelling; the others review and operate, zed in no group."""

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
}
"""Environments of every sort: two stages, any reviewer, several rules, no review, worker-run, and
what becomes of those that wait."""


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
    """Somebody asks for the shop in an environment."""

    environment: str
    requester: str


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """Somebody lets a tier take no new starts, or only in windows, of which none is open."""

    effect: Effect
    tier: Tier


@dataclass(frozen=True, kw_only=True)
class Thaw:
    """Somebody lifts the freeze that was imposed first."""


steps: st.SearchStrategy[Ask | Move | Try | Freeze | Thaw] = st.one_of(
    st.builds(
        Ask, environment=st.sampled_from(sorted(POLICIES)), requester=st.sampled_from(["ada", "bo"])
    ),
    st.builds(Move, choice=st.sampled_from([0, 0, 0, 0, 1, 2]), number=st.integers(0, 5)),
    st.builds(
        Try,
        action=st.sampled_from(Action),
        number=st.integers(0, 5),
        by=st.sampled_from(list(PEOPLE.values())),
    ),
    st.builds(Freeze, effect=st.sampled_from(Effect), tier=st.sampled_from(Tier)),
    st.builds(Thaw),
)


def a_world() -> InMemoryLedger:
    """A ledger that knows the shop and every sort of environment."""
    ledger = InMemoryLedger()
    at_once(with_catalog(ledger, policies=POLICIES))
    return ledger


@st.composite
def worlds(draw: st.DrawFn) -> tuple[InMemoryLedger, int]:
    """A world after some steps, those refused included, and how many deployments it has."""
    ledger = a_world()
    count = 0
    first = Ask(environment=draw(st.sampled_from(sorted(POLICIES))), requester="ada")
    for step in [first, *draw(st.lists(steps, max_size=25))]:
        match step:
            case Ask(environment=environment, requester=requester):
                at_once(ask(ledger, environment=environment, requester=requester))
                count += 1
            case Move(choice=choice, number=number):
                _move_on(ledger, number % count + 1, choice)
            case Try(action=action, number=number, by=by):
                with contextlib.suppress(Refusal):
                    at_once(act(ledger, action, number % count + 1, by))
            case Freeze(effect=effect, tier=tier):
                _freeze(ledger, effect, tier)
            case Thaw():
                _thaw(ledger)
    return ledger, count


def _freeze(ledger: InMemoryLedger, effect: Effect, tier: Tier) -> None:
    window = timedelta(hours=1) if effect is Effect.ALLOW else None
    asked = FreezeRequest(
        effect=effect,
        scope=Scope(tier=tier),
        reason="The sale.",
        starts_at=None if window is None else NOON + window,
        ttl=window,
    )
    imposing = partial(
        impose_freeze, request=asked, command=a_command("olga"), id=an_id(), new_id=an_id
    )
    at_once(ledger.perform(imposing))


def _thaw(ledger: InMemoryLedger) -> None:
    standing = at_once(ledger.look(lambda work: work.freezes.standing(NOON)))
    if standing:
        first = standing[0].id
        lifting = partial(lift_freeze, freeze=first, command=a_command("olga"), new_id=an_id)
        at_once(ledger.perform(lifting))


def _move_on(ledger: InMemoryLedger, number: int, choice: int) -> None:
    actions = list(NEXT[at_once(ledger.deployment(number)).status])
    for by in PEOPLE.values() if actions else ():
        with contextlib.suppress(Refusal):
            at_once(act(ledger, actions[choice % len(actions)], number, by))
            return
