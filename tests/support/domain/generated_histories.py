"""Ledgers with a generated history of operations, for property tests."""

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
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    a_command,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment, run_sync
from tests.support.domain.claims import a_step, claim, finish
from tests.support.domain.consent import end_consent, replace_target
from tests.support.domain.generated_operations import (
    PEOPLE,
    POLICIES,
    VERSIONS,
    ActOnStatus,
    AdvanceClock,
    AdvanceDeployment,
    AttemptAction,
    DeployVersion,
    EndConsent,
    ImposeFreeze,
    LiftFreeze,
    LiftRestrictions,
    Operation,
    ReplaceTarget,
    RequestVersion,
    RollBack,
    RunWorker,
    environment_names,
    operations,
)
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS
from tests.support.domain.promotion import advance_to, release_hold, roll_back, unblock_version
from tests.support.memory.ledger import InMemoryLedger


@dataclass(kw_only=True)
class Scenario:
    """A ledger with its current time, and methods that apply operations."""

    ledger: InMemoryLedger
    now: datetime = NOON

    @property
    def count(self) -> int:
        """The number of deployments in the ledger."""
        return run_sync(self.ledger.read_snapshot(lambda uow: uow.deployments.next_number())) - 1

    def apply(self, operation: Operation) -> None:
        """Apply an operation, which may be refused."""
        with contextlib.suppress(Refusal):
            _OPERATIONS[type(operation)](self, operation)

    def act(self, action: Action, number: int, by: Actor | str) -> None:
        """Perform an action now. The number is taken modulo the number of deployments."""
        run_sync(perform_action(self.ledger, action, number % self.count + 1, by, at=self.now))

    def request(self, operation: RequestVersion | DeployVersion) -> int:
        """Request a deployment now and return its number."""
        deployment = run_sync(
            request_deployment(
                self.ledger,
                environment=operation.environment,
                requester=operation.requester,
                version=operation.version,
                at=self.now,
            )
        )
        return deployment.number

    def advance(self, number: int, choice: int) -> bool:
        """Perform an allowed action as the first eligible user; return False if there is none."""
        actions = list(DESIGNED_TRANSITIONS[run_sync(self.ledger.deployment(number)).status])
        for by in PEOPLE.values() if actions else ():
            with contextlib.suppress(Refusal):
                self.act(actions[choice % len(actions)], number - 1, by)
                return True
        return False

    def deploy(self, operation: DeployVersion) -> None:
        """Request a deployment and advance it until it succeeds or nobody can."""
        number = self.request(operation)
        while run_sync(self.ledger.deployment(number)).status is not Status.SUCCEEDED:
            if not self.advance(number, 0) and not self.override_gate(number):
                return

    def override_gate(self, number: int) -> bool:
        """Override the closed gate as bo, and return whether the override was accepted."""
        with contextlib.suppress(Refusal):
            self.act(Action.OVERRIDE, number - 1, PEOPLE["bo"])
            return True
        return False

    def roll_back(self, number: int) -> None:
        """Roll back a successful deployment and redeploy the previous version."""
        succeeded = self.numbers_with(Status.SUCCEEDED)
        if succeeded:
            reference = succeeded[number % len(succeeded)]
            run_sync(roll_back(self.ledger, reference, PEOPLE["bo"], at=self.now))

    def act_on_status(self, operation: ActOnStatus) -> None:
        """Act on a deployment with this status; an after-review needs a break-glass approval."""
        numbers = self.numbers_with(operation.status)
        if operation.action is Action.AFTER_REVIEW:
            numbers = [
                number for number in numbers if run_sync(self.ledger.deployment(number)).break_glass
            ]
        if numbers:
            self.act(
                operation.action, numbers[operation.number % len(numbers)] - 1, PEOPLE[operation.by]
            )

    def numbers_with(self, status: Status) -> list[int]:
        """Return the numbers of the deployments with this status."""
        numbers = range(1, self.count + 1)
        return [
            number
            for number in numbers
            if run_sync(self.ledger.deployment(number)).status is status
        ]

    def run_worker(self, operation: RunWorker) -> None:
        """Claim a task and, unless the worker is lost, finish it."""
        task = run_sync(claim(self.ledger, operation.worker, at=self.now))
        if task is not None and operation.outcome is not None:
            note, steps = "So it went.", [a_step(at=self.now)]
            run_sync(
                finish(
                    self.ledger,
                    task.claim,
                    operation.outcome,
                    at=self.now,
                    note=note,
                    steps=steps,
                )
            )

    def lift_restrictions(self, environment: str) -> None:
        """Unblock every version in an environment and release the promotion hold there."""
        for version in VERSIONS:
            with contextlib.suppress(Refusal):
                run_sync(unblock_version(self.ledger, version, environment=environment))
        run_sync(release_hold(self.ledger, environment=environment))

    def wait(self, minutes: int) -> None:
        """Advance the clock and perform the work that is due."""
        self.now += timedelta(minutes=minutes)
        run_sync(advance_to(self.ledger, self.now))

    def freeze(self, operation: ImposeFreeze) -> None:
        """Impose a freeze now."""
        page_request = timedelta(hours=1) if operation.effect is Effect.ALLOW else None
        request = FreezeRequest(
            effect=operation.effect,
            scope=FreezeScope(tier=operation.tier),
            reason="The sale.",
            starts_at=None if page_request is None else self.now + page_request,
            ttl=page_request,
        )
        command = a_command("olga", at=self.now)
        action = partial(impose_freeze, request=request, command=command, id=an_id(), new_id=an_id)
        run_sync(self.ledger.perform(action))

    def lift_freeze(self) -> None:
        """Lift the oldest freeze."""
        freezes = run_sync(
            self.ledger.read_snapshot(lambda uow: uow.freezes.list_current_and_future(self.now))
        )
        if freezes:
            first, command = freezes[0].id, a_command("olga", at=self.now)
            action = partial(lift_freeze, freeze=first, command=command, new_id=an_id)
            run_sync(self.ledger.perform(action))


_OPERATIONS: Final[Mapping[type[Operation], Callable[[Scenario, Any], object]]] = {
    RequestVersion: Scenario.request,
    DeployVersion: Scenario.deploy,
    ActOnStatus: Scenario.act_on_status,
    RollBack: lambda scenario, operation: scenario.roll_back(operation.number),
    RunWorker: Scenario.run_worker,
    EndConsent: lambda scenario, operation: run_sync(
        end_consent(scenario.ledger, operation.name, at=scenario.now)
    ),
    ReplaceTarget: lambda scenario, operation: run_sync(
        replace_target(scenario.ledger, operation.environment, at=scenario.now)
    ),
    LiftRestrictions: lambda scenario, operation: scenario.lift_restrictions(operation.environment),
    AdvanceClock: lambda scenario, operation: scenario.wait(operation.minutes),
    AdvanceDeployment: lambda scenario, operation: scenario.advance(
        operation.number % scenario.count + 1, operation.choice
    ),
    AttemptAction: lambda scenario, operation: scenario.act(
        operation.action, operation.number, operation.by
    ),
    ImposeFreeze: Scenario.freeze,
    LiftFreeze: lambda scenario, _: scenario.lift_freeze(),
}


def scenario_ledger() -> InMemoryLedger:
    """Create a ledger with the shop and every environment."""
    ledger = InMemoryLedger()
    run_sync(create_catalog(ledger, versions=VERSIONS, policies=POLICIES))
    return ledger


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Generate scenarios with at least one deployment. Some of their operations are refused."""
    scenario = Scenario(ledger=scenario_ledger())
    first = RequestVersion(environment=draw(environment_names), requester="ada", version="1.0.0")
    for operation in [
        first,
        *draw(st.lists(operations, max_size=20) | st.lists(operations, min_size=12)),
    ]:
        scenario.apply(operation)
    return scenario
