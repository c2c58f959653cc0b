"""Every ledger finds what is live after a rollback that redeploys nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost_domain.actions.webhooks.live_deployment_after_rollback import find_live_again
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action
from gatepost_domain.webhooks.webhook import WebhookFormat
from tests.support.builders import create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS, minutes_after_noon
from tests.support.domain.webhooks import add, claim, queue, require_claimed
from tests.support.storage.ledgers import AnyLedger


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with shop in three versions."""
    await create_catalog(ledger, versions=("1.0.0", "2.0.0", "3.0.0"), policies=ENVIRONMENTS)
    return ledger


async def deploy(ledger: AnyLedger, version: str, minute: int) -> Deployment:
    """Deploy a version to development, where nobody has to approve it."""
    at = minutes_after_noon(minute)
    deployment = await request_deployment(ledger, environment="development", version=version, at=at)
    for action in (Action.START, Action.SUCCEED):
        deployment = await perform_action(ledger, action, deployment.id, at=at)
    return deployment


async def test_version_before_is_live_again(ledger: AnyLedger) -> None:
    """It is the version of the last earlier deployment that was not rolled back itself."""
    first = await deploy(ledger, "1.0.0", 1)
    second = await deploy(ledger, "2.0.0", 2)
    third = await deploy(ledger, "3.0.0", 3)
    after_third = await roll_back(ledger, third, 4)
    after_second = await roll_back(ledger, second, 5)
    after_first = await roll_back(ledger, first, 6)

    assert after_third == second
    assert after_second == first
    assert after_first is None


async def roll_back(ledger: AnyLedger, deployment: Deployment, minute: int) -> Deployment | None:
    """Roll a deployment back, and return what is live again."""
    at = minutes_after_noon(minute)
    rolled_back = await perform_action(ledger, Action.ROLLBACK, deployment.id, at=at)
    return await ledger.perform(lambda uow: find_live_again(uow, rolled_back))


async def test_rollback_is_queued_for_receivers_of_cdevents(ledger: AnyLedger) -> None:
    """The task contains what is live again, even if a later deployment succeeds before that."""
    first = await deploy(ledger, "1.0.0", 1)
    bad = await deploy(ledger, "2.0.0", 2)
    await add(ledger, message_format=WebhookFormat.CDEVENTS)
    await roll_back(ledger, bad, 3)
    await queue(ledger, at=minutes_after_noon(3))
    await deploy(ledger, "3.0.0", 4)
    task = await require_claimed(ledger, at=minutes_after_noon(5))

    assert task.entry.event.kind is EventKind.ROLLED_BACK
    assert task.live_again == first


def level_positions(uow: UnitOfWork) -> None:
    """Set all webhooks to the same position."""
    position = uow.event_log.last_seq()
    for webhook in uow.webhooks.list_behind(position):
        uow.webhooks.save_progress(replace(webhook, position=position))


async def test_rollback_of_an_earlier_deployment_is_not_queued(ledger: AnyLedger) -> None:
    """The rollback does not change what is live."""
    first = await deploy(ledger, "1.0.0", 1)
    await deploy(ledger, "2.0.0", 2)
    for _ in range(2):
        await add(ledger, message_format=WebhookFormat.CDEVENTS)
    await ledger.perform(level_positions)
    await roll_back(ledger, first, 3)
    await queue(ledger, at=minutes_after_noon(3))

    assert await claim(ledger, at=minutes_after_noon(3)) is None
