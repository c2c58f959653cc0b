"""Lanes and their order when operators act."""

from dataclasses import replace
from typing import Any

import pytest

from gatepost_domain.catalog.policy import LaneMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import a_policy, an_event, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.lifecycle import DESIGNED_TRANSITIONS
from tests.support.memory.ledger import InMemoryLedger


async def a_ledger() -> InMemoryLedger:
    """Return a ledger with two services and two environments that need no approval."""
    ledger = InMemoryLedger()
    await create_catalog(
        ledger,
        services=["shop", "portal"],
        policies={name: (Tier.TEST, a_policy()) for name in ("test", "play")},
    )
    return ledger


async def create_deployment(ledger: InMemoryLedger, *done: Action, **changes: Any) -> Deployment:
    """Create a deployment of shop to test and apply these actions."""
    deployment = await request_deployment(ledger, **{"environment": "test", **changes})
    for action in done:
        deployment = await perform_action(ledger, action, deployment.id)
    return deployment


async def test_second_start_in_a_busy_lane_is_refused() -> None:
    """The refusal names the deployment in progress, and the second one stays approved."""
    ledger = await a_ledger()
    first, second = await create_deployment(ledger, Action.START), await create_deployment(ledger)

    with pytest.raises(GateNotOpen) as refusal:
        await perform_action(ledger, Action.START, second.id)

    assert refusal.value.code == "lane_busy"
    assert f"DEP-{first.number} " in str(refusal.value)
    assert (await ledger.deployment(second.id)).status is Status.APPROVED


@pytest.mark.parametrize("done", [[Action.START], [Action.START, Action.SUCCEED]])
async def test_older_deployment_cannot_start_after_a_newer_one(done: list[Action]) -> None:
    """The start is refused because the deployment is outdated."""
    ledger = await a_ledger()
    old = await create_deployment(ledger)
    newer = await create_deployment(ledger, *done)

    with pytest.raises(GateNotOpen) as refusal:
        await perform_action(ledger, Action.START, old.id)

    assert refusal.value.code == ("lane_busy" if done == [Action.START] else "outdated")
    assert f"DEP-{newer.number} " in str(refusal.value)


@pytest.mark.parametrize(
    "done",
    [
        [Action.START, Action.FAIL],
        [Action.START, Action.ROLLBACK],
        [Action.START, Action.SUCCEED, Action.ROLLBACK],
        [Action.CANCEL],
        [],
    ],
)
async def test_failed_or_rolled_back_deployment_does_not_outdate_others(
    done: list[Action],
) -> None:
    """Only a newer deployment that is live or in progress outdates a deployment."""
    ledger = await a_ledger()
    old = await create_deployment(ledger)
    await create_deployment(ledger, *done)

    started = await perform_action(ledger, Action.START, old.id)

    assert started.status is Status.STARTED


@pytest.mark.parametrize("end", sorted(DESIGNED_TRANSITIONS[Status.STARTED]))
async def test_lane_is_free_when_the_rollout_ends(end: Action) -> None:
    """The next deployment can start after any outcome."""
    ledger = await a_ledger()
    first, second = await create_deployment(ledger, Action.START), await create_deployment(ledger)
    await perform_action(ledger, end, first.id)

    started = await perform_action(ledger, Action.START, second.id)

    assert started.status is Status.STARTED


@pytest.mark.parametrize("other", [{"service": "portal"}, {"environment": "play"}])
async def test_lanes_are_independent(other: dict[str, str]) -> None:
    """Each combination of service and environment has its own lane."""
    ledger = await a_ledger()
    elsewhere = await create_deployment(ledger, **other)
    await create_deployment(ledger, Action.START)

    started = await perform_action(ledger, Action.START, elsewhere.id)

    assert started.status is Status.STARTED


async def test_rollback_can_start_after_a_newer_success() -> None:
    """A rollback with a lower number can start after a newer deployment has succeeded."""
    ledger = await a_ledger()
    old = await create_deployment(ledger)
    going_back = replace(old, kind=DeploymentKind.ROLLBACK, revision=old.revision + 1)
    again = an_event(deployment_id=old.id, from_status=old.status, to_status=old.status)
    await ledger.perform(lambda uow: uow.deployments.save(going_back, again))
    await create_deployment(ledger, Action.START, Action.SUCCEED)

    started = await perform_action(ledger, Action.START, old.id)

    assert started.status is Status.STARTED


async def test_start_supersedes_only_older_deployments() -> None:
    """Newer deployments in the lane keep waiting."""
    ledger = InMemoryLedger()
    policy = a_policy(lane=LaneMode.SUPERSEDE)
    await create_catalog(ledger, policies={"test": (Tier.TEST, policy)})
    older, ahead, later = [await create_deployment(ledger) for _ in range(3)]

    await perform_action(ledger, Action.START, ahead.id)

    statuses = [
        (await ledger.deployment(deployment.id)).status for deployment in (older, ahead, later)
    ]
    assert statuses == [Status.CANCELLED, Status.STARTED, Status.APPROVED]
