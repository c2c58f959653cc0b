"""Every ledger finds the same latest rollout of a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, HideDecision
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.history_filters import rollout_at
from tests.support.builders import NOON, an_event, create_catalog
from tests.support.domain.lifecycle import deployment_with_status
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.storage.ledgers import AnyLedger

HIDDEN = HideDecision(actor="root", at=NOON, reason="A typo.")


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


def a_rollout(number: int, random: Random) -> Deployment:
    """Build a deployment of random status, lane and times; a third of them are records."""
    deployment = deployment_with_status(
        random.choice([status for status in Status if status is not Status.STARTED]),
        number=number,
        service=random.choice(["shop", "cart"]),
        environment=random.choice(["test", "production"]),
    )
    shift = timedelta(minutes=random.randrange(12))
    if random.random() < 1 / 3:
        return replace(
            deployment,
            kind=DeploymentKind.RECORD,
            status=Status.SUCCEEDED,
            started_at=None,
            deployed_at=NOON - shift,
            import_seq=random.choice([None, 1]),
            hidden=random.choice([None, HIDDEN]),
        )
    times: dict[str, Any] = {
        name: None if at is None else at + shift
        for name in ("queued_at", "started_at", "deployed_at")
        for at in (getattr(deployment, name),)
    }
    return replace(deployment, **times)


def add(uow: UnitOfWork, *, deployment: Deployment) -> None:
    event = an_event(EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status)
    uow.deployments.add(deployment, event)


def expected(deployments: list[Deployment], service: str, environment: str | None) -> int | None:
    rollouts = [
        (at, deployment.number)
        for deployment in deployments
        if deployment.service == service and environment in {None, deployment.environment}
        if (at := rollout_at(deployment)) is not None
    ]
    return max(rollouts)[1] if rollouts else None


@pytest.mark.parametrize("seed", range(3))
async def test_latest_rollout_is_the_last_that_happened(ledger: AnyLedger, seed: int) -> None:
    """The rollout with the latest time is returned, even if it was stored earlier."""
    random = Random(seed)
    deployments: list[Deployment] = []
    for number in range(1, 41):
        deployments.append(a_rollout(number, random))
        await ledger.perform(partial(add, deployment=deployments[-1]))
        service = random.choice(["shop", "cart"])
        for environment in (None, "test", "production"):
            latest = await ledger.reads.latest_rollout(service, environment)

            found = None if latest is None else latest.number
            assert found == expected(deployments, service, environment)
