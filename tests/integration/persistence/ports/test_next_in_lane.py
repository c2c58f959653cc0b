"""Every ledger returns the same open deployments, rollback states and lanes to roll back."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from gatepost_domain.actions.deployments.rollback import roll_back_deployment
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.next_in_lane import find_next_in_lanes
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.tracking.current_state import CurrentFilter
from tests.support.builders import NOON, a_command, an_id, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS, create_record
from tests.support.storage.ledgers import AnyLedger

EVERYTHING = CurrentFilter()
TO_SUCCEED = (Action.START, Action.SUCCEED)


async def create(ledger: AnyLedger) -> None:
    await create_catalog(
        ledger, services=["shop", "portal"], versions=["1.0.0", "2.0.0"], policies=ENVIRONMENTS
    )


async def deploy(
    ledger: AnyLedger, *actions: Action, environment: str = "test", **changes: Any
) -> Deployment:
    """Request a deployment and perform these actions on it."""
    deployment = await request_deployment(ledger, environment=environment, **changes)
    for action in actions:
        deployment = await perform_action(ledger, action, deployment.id)
    return deployment


async def numbers(ledger: AnyLedger, criteria: CurrentFilter) -> list[int]:
    return [each.number for each in await ledger.reads.open_deployments(criteria)]


async def test_open_deployments_have_what_decides_the_next_one(ledger: AnyLedger) -> None:
    """The newest of the lane is the last that succeeded or is in progress."""
    await create(ledger)
    waiting = await deploy(ledger)
    await deploy(ledger, *TO_SUCCEED, version="2.0.0")
    other = await deploy(ledger, service="portal")
    started = await deploy(ledger, Action.START, service="portal")

    first, second, third = await ledger.reads.open_deployments(EVERYTHING)

    assert (first.number, first.status, first.newest) == (waiting.number, Status.APPROVED, 2)
    assert (first.service, first.environment, first.version) == ("shop", "test", "1.0.0")
    assert (second.number, second.newest) == (other.number, started.number)
    assert (third.number, third.status) == (started.number, Status.STARTED)
    following = find_next_in_lanes([first, second, third])
    assert {lane: each.deployment.number for lane, each in following.items()} == {
        ("portal", "test"): started.number
    }


async def test_overrides_are_read(ledger: AnyLedger) -> None:
    """With an overridden order gate, an outdated deployment can start."""
    await create(ledger)
    waiting = await deploy(ledger)
    await deploy(ledger, *TO_SUCCEED)
    await perform_action(ledger, Action.OVERRIDE, waiting.id)

    (read,) = await ledger.reads.open_deployments(EVERYTHING)

    assert [each.code for each in read.overrides] == ["outdated"]
    assert read.can_start


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (EVERYTHING, [1, 2, 3]),
        (CurrentFilter(services=("portal",)), [2]),
        (CurrentFilter(environments=("production", "moon")), [3]),
        (CurrentFilter(tiers=(Tier.TEST,), services=("shop", "portal")), [1, 2]),
        (CurrentFilter(services=("portal",), environments=("production",)), []),
    ],
)
async def test_open_deployments_are_filtered(
    ledger: AnyLedger, criteria: CurrentFilter, expected: list[int]
) -> None:
    """Every field of the filter is applied, as for the current state."""
    await create(ledger)
    await deploy(ledger)
    await deploy(ledger, service="portal")
    await deploy(ledger, environment="production")
    await deploy(ledger, Action.CANCEL)

    assert await numbers(ledger, criteria) == expected


async def roll_back(ledger: AnyLedger, bad: Deployment) -> Deployment:
    return await ledger.perform(
        partial(
            roll_back_deployment,
            reference=bad.id,
            command=a_command("olga", at=NOON, note="It is broken."),
            revision=None,
            new_id=an_id,
            redeploy=True,
        )
    )


async def test_rollback_states_follow_the_replacement(ledger: AnyLedger) -> None:
    """It waits, starts and goes live; deployments that do not exist are left out."""
    await create(ledger)
    await deploy(ledger, *TO_SUCCEED)
    bad = await roll_back(ledger, await deploy(ledger, *TO_SUCCEED, version="2.0.0"))
    assert bad.rolled_back_by is not None
    ids = (bad.rolled_back_by, an_id())

    seen = []
    for action in (None, *TO_SUCCEED):
        if action is not None:
            await perform_action(ledger, action, bad.rolled_back_by)
        states = await ledger.reads.rollback_states(ids)
        (state,) = states.values()
        seen.append((state.number, state.version, state.status, state.deployed_at is not None))

    assert seen == [
        (3, "1.0.0", Status.APPROVED, False),
        (3, "1.0.0", Status.STARTED, False),
        (3, "1.0.0", Status.SUCCEEDED, True),
    ]
    assert await ledger.reads.rollback_states(()) == {}


async def test_only_lanes_with_another_good_version_can_be_rolled_back(ledger: AnyLedger) -> None:
    """Neither a single version, nor a record, nor a rolled-back deployment is offered."""
    await create(ledger)
    await deploy(ledger, *TO_SUCCEED)
    assert await ledger.reads.rollbackable_lanes(EVERYTHING) == frozenset()
    bad = await deploy(ledger, *TO_SUCCEED, version="2.0.0")
    await deploy(ledger, *TO_SUCCEED, service="portal")
    assert await ledger.reads.rollbackable_lanes(EVERYTHING) == {("shop", "test")}
    assert await ledger.reads.rollbackable_lanes(CurrentFilter(services=("portal",))) == frozenset()

    await roll_back(ledger, bad)
    assert await ledger.reads.rollbackable_lanes(EVERYTHING) == frozenset()


async def test_blocked_versions_and_records_cannot_be_rolled_back_to(ledger: AnyLedger) -> None:
    """After a rollback, the blocked version is not a good one; a live record is immutable."""
    await create(ledger)
    await deploy(ledger, *TO_SUCCEED)
    bad = await roll_back(ledger, await deploy(ledger, *TO_SUCCEED, version="2.0.0"))
    assert bad.rolled_back_by is not None
    for action in TO_SUCCEED:
        await perform_action(ledger, action, bad.rolled_back_by)
    assert await ledger.reads.rollbackable_lanes(EVERYTHING) == frozenset()

    for version in ("1.0.0", "2.0.0"):
        await create_record(ledger, service="portal", environment="test", version=version)

    assert await ledger.reads.rollbackable_lanes(EVERYTHING) == frozenset()
