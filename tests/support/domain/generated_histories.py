"""Small worlds, made by people who try this and that, for tests that look at many of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.actions.freezes.freezes import impose_freeze, lift_freeze
from gatepost_domain.errors import Refusal
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope
from gatepost_domain.status import Action, Status
from tests.support.builders import (
    NOON,
    a_command,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment, run_sync
from tests.support.domain.claims import a_step, claim, finish
from tests.support.domain.generated_operations import (
    PEOPLE,
    POLICIES,
    VERSIONS,
    ActOnStatus,
    AdvanceClock,
    AdvanceDeployment,
    AttemptAction,
    DeployVersion,
    ImposeFreeze,
    LiftFreeze,
    LiftRestrictions,
    Operation,
    RequestVersion,
    RollBack,
    RunWorker,
    environments,
    operations,
)
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS
from tests.support.domain.promotion import advance_to, release_hold, roll_back, unblock_version
from tests.support.memory.ledger import InMemoryLedger


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
    first = RequestVersion(environment=draw(environments), requester="ada", version="1.0.0")
    for step in [
        first,
        *draw(st.lists(operations, max_size=20) | st.lists(operations, min_size=12)),
    ]:
        world.apply(step)
    return world
