"""Claiming tasks: which queued deployment a worker receives."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.actions.deployments.start_candidates import MAX_CANDIDATES
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS
from gatepost_domain.deployments.claim import DEFAULT_LEASE, RolloutOutcome
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.freeze import Effect, FreezeScope
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON, a_command, a_policy, an_actor, an_id
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.claims import claim, claim_task, finish
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.promotion import last_event
from tests.support.domain.worker_environments import (
    HOUR,
    SECOND,
    is_claimable,
    ledger_with_claim,
    queue_deployment,
    worker_ledger,
    worker_with_grants,
)
from tests.support.memory.ledger import InMemoryLedger


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.WORKER}))
async def test_claiming_requires_the_worker_role(role: Role) -> None:
    """The claim is refused, and the attempt is recorded."""
    ledger = await worker_ledger()
    queued = await queue_deployment(ledger)

    with pytest.raises(Forbidden) as refusal:
        await claim(ledger, by=an_actor("mo", roles=[role]))
    with pytest.raises(Forbidden):
        await is_claimable(ledger, by=an_actor("mo", roles=[role]))

    assert refusal.value.roles == ("worker",)
    assert await ledger.deployment(1) == queued
    event = await last_event(ledger)
    assert (event.kind, event.actor) == (EventKind.ACCESS_DENIED, "mo")


async def test_empty_queue_has_no_task() -> None:
    """The worker receives no task, and nothing is recorded."""
    ledger = await worker_ledger(desk=a_policy())
    await request_deployment(ledger, environment="desk")
    entries = await all_entries(ledger)

    assert await claim(ledger) is None
    assert not await is_claimable(ledger)
    assert await all_entries(ledger) == entries


async def test_waiting_deployments_do_not_block_the_queue() -> None:
    """A claimable deployment is found behind any number of waiting ones."""
    ledger = await worker_ledger()
    request = a_freeze_request(scope=FreezeScope(environment="test"))
    await ledger.perform(
        partial(impose_freeze, request=request, command=a_command("o"), id=an_id(), new_id=an_id)
    )
    for _ in range(2 * MAX_CANDIDATES):
        await queue_deployment(ledger)
    await queue_deployment(ledger, "cart farm")

    task = await claim_task(ledger)

    assert (task.deployment.service, task.deployment.environment) == ("cart", "farm")
    assert await claim(ledger) is None


async def test_deployment_with_an_overridden_freeze_is_claimable() -> None:
    """The worker receives the deployment whose freeze is overridden, and no other."""
    ledger = await worker_ledger()
    request = a_freeze_request(scope=FreezeScope(environment="test"))
    await ledger.perform(
        partial(impose_freeze, request=request, command=a_command("o"), id=an_id(), new_id=an_id)
    )
    await queue_deployment(ledger)
    urgent = await queue_deployment(ledger)
    await perform_action(ledger, Action.OVERRIDE, urgent.number)

    task = await claim_task(ledger)

    assert task.deployment.number == urgent.number


@pytest.mark.parametrize(
    "grants",
    [
        [Grant(role=Role.WORKER, service="cart")],
        [Grant(role=Role.WORKER, environment="farm")],
        [Grant(role=Role.WORKER, service="cart", environment="test"), Grant(role=Role.OPERATOR)],
    ],
)
async def test_worker_gets_no_task_outside_its_grants(grants: list[Grant]) -> None:
    """The worker's grants limit both queued tasks and takeovers."""
    ledger = await worker_ledger()
    await queue_deployment(ledger)
    by = worker_with_grants(*grants)

    assert await claim(ledger, by=by) is None
    assert not await is_claimable(ledger, by=by)
    await claim_task(ledger)
    assert await claim(ledger, by=by, at=NOON + DEFAULT_LEASE) is None


async def test_limited_worker_gets_the_oldest_task_of_its_lanes() -> None:
    """Tasks in other lanes are skipped."""
    ledger = await worker_ledger()
    for minute, place in enumerate(("shop test", "cart test", "cart farm")):
        await queue_deployment(ledger, place, at=NOON + minute * SECOND)

    task = await claim_task(
        ledger, by=worker_with_grants(Grant(role=Role.WORKER, environment="farm"))
    )
    other = await claim_task(ledger, by=worker_with_grants(Grant(role=Role.WORKER, service="cart")))

    assert (task.deployment.number, other.deployment.number) == (3, 2)


async def test_limited_worker_finds_its_task_behind_many_others() -> None:
    """The task is found even if more others than are examined at a time come first."""
    ledger = await worker_ledger()
    for _ in range(MAX_CANDIDATES + 1):
        await queue_deployment(ledger, "shop test")
    await queue_deployment(ledger, "cart test", at=NOON + SECOND)

    task = await claim_task(ledger, by=worker_with_grants(Grant(role=Role.WORKER, service="cart")))

    assert task.deployment.service == "cart"


async def test_deployment_with_a_closed_gate_is_not_claimable() -> None:
    """A freeze, a missing promotion or a newer deployment prevents the claim."""
    ledger = await worker_ledger(
        promoted=a_policy(execution=ExecutionMode.WORKER, auto_start=True, requires=("test",)),
    )
    await queue_deployment(ledger, "shop farm", version="1.0.0")
    await queue_deployment(ledger, "cart promoted")
    await queue_deployment(ledger, "shop test")
    later = await queue_deployment(ledger, "shop test", version="2.0.0")
    first = await claim_task(ledger)
    assert (first.deployment.number, later.number) == (1, 4)
    freezing = partial(
        impose_freeze,
        request=a_freeze_request(effect=Effect.DENY, scope=FreezeScope(service="shop"), ttl=HOUR),
        command=a_command("otto"),
        id=an_id(),
        new_id=an_id,
    )
    await ledger.perform(freezing)

    assert await claim(ledger) is None
    assert not await is_claimable(ledger)
    assert (await claim_task(ledger, at=NOON + HOUR)).deployment.number == 3
    assert await claim(ledger, at=NOON + HOUR) is None


async def test_outdated_deployment_stays_queued_and_is_skipped() -> None:
    """The deployment stays queued until it is cancelled or the gate is overridden."""
    ledger = await worker_ledger()
    await queue_deployment(ledger)
    await queue_deployment(ledger, version="2.0.0", at=NOON - HOUR)
    task = await claim_task(ledger)
    await finish(ledger, task.claim)

    assert task.deployment.number == 2
    assert await claim(ledger) is None
    assert (await ledger.deployment(1)).status is Status.QUEUED
    await queue_deployment(ledger, "cart test")
    assert (await claim_task(ledger)).deployment.number == 3


async def test_lane_has_one_task_at_a_time() -> None:
    """The next task in a lane waits for the current one; other lanes are independent."""
    ledger = await worker_ledger()
    for place in ("shop test", "shop test", "cart test"):
        await queue_deployment(ledger, place)

    first, other = await claim_task(ledger, "one"), await claim_task(ledger, "two")
    none = await claim(ledger, "three")
    await finish(ledger, first.claim, RolloutOutcome.FAILED, note="No.")
    second = await claim_task(ledger, "three")

    assert [task.deployment.number for task in (first, other, second)] == [1, 3, 2]
    assert none is None


async def test_first_queued_deployment_is_claimed_first() -> None:
    """Tasks are ordered by queue time across lanes, not by deployment number."""
    ledger = await worker_ledger()
    for place, second in (("shop test", 2), ("cart test", 0), ("shop farm", 1), ("cart farm", 1)):
        await queue_deployment(ledger, place, at=NOON + second * SECOND)

    numbers = [(await claim_task(ledger, at=NOON + HOUR)).deployment.number for _ in range(4)]

    assert numbers == [2, 3, 4, 1]


async def test_claim_starts_the_deployment_as_the_worker() -> None:
    """The worker receives a complete task, and one event records the start."""
    ledger = await worker_ledger(
        a_policy(execution=ExecutionMode.WORKER, outgoing_allow=("10.0.0.0/8",))
    )
    settings = replace(DEFAULT_TARGET_SETTINGS, deadline_s=90)
    await ledger.perform(
        partial(
            put_target,
            service="shop",
            environment="test",
            settings=settings,
            command=a_command("olga"),
            revision=None,
        )
    )
    await deploy_by_hand(ledger)
    await queue_deployment(ledger, version="2.0.0")
    queued = await perform_action(ledger, Action.START, 2)
    at = NOON + SECOND

    task = await claim_task(ledger, "berlin-1", at=at, lease=timedelta(seconds=5))

    held_claim, deployment = task.claim, task.deployment
    assert (held_claim.worker, held_claim.attempt, held_claim.number) == ("berlin-1", 1, 2)
    assert (held_claim.claimed_at, held_claim.leased_until) == (at, at + 5 * SECOND)
    assert (held_claim.lease, held_claim.deadline_at) == (5 * SECOND, at + 90 * SECOND)
    assert held_claim.deployment_id == queued.id
    assert deployment == await ledger.deployment(2)
    assert (deployment.status, deployment.worker, deployment.deployed_by) == (
        Status.STARTED,
        "worker:berlin-1",
        "worker:berlin-1",
    )
    assert (deployment.started_at, deployment.attempt, deployment.build_id) == (
        at,
        1,
        queued.build_id,
    )
    assert (task.settings, task.outgoing_allow) == (settings, ("10.0.0.0/8",))
    assert (task.previous_version, task.rolled_out) == ("1.0.0", False)
    event = await last_event(ledger)
    assert (event.kind, event.actor) == (EventKind.STARTED, "worker:berlin-1")
    assert event.data.keys() == {"attempt", "gates"}
    assert event.data["attempt"] == 1


async def deploy_by_hand(ledger: InMemoryLedger) -> None:
    """Deploy shop 1.0.0 to test as an operator."""
    deployment = await queue_deployment(ledger)
    await perform_action(ledger, Action.START, deployment.id)
    await finish(ledger, (await claim_task(ledger)).claim)


async def test_unconfigured_target_has_the_default_deadline() -> None:
    """The default settings apply, and the first deployment has no previous version."""
    _, task = await ledger_with_claim()

    assert (task.settings, task.previous_version) == (DEFAULT_TARGET_SETTINGS, None)
    assert task.claim.deadline_at == NOON + HOUR
    assert task.claim.lease == DEFAULT_LEASE
