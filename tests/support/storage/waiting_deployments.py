"""Deployments with any status, stored without the actions that lead to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from tests.support.builders import an_event
from tests.support.domain.lifecycle import deployment_with_status
from tests.support.storage.ledgers import AnyLedger

T = TypeVar("T")


def build_deployment(
    number: int, status: Status, lane: str = "shop production", **changes: Any
) -> Deployment:
    service, environment = lane.split()
    deployment = deployment_with_status(
        status, number=number, service=service, environment=environment
    )
    return replace(deployment, **changes)


async def add_deployments(ledger: AnyLedger, *deployments: Deployment) -> None:
    for deployment in deployments:
        await ledger.perform(partial(add, deployment=deployment))


def add(uow: UnitOfWork, *, deployment: Deployment) -> None:
    event = an_event(EventKind.REQUESTED, deployment_id=deployment.id, to_status=deployment.status)
    uow.deployments.add(deployment, event)


def add_claim(uow: UnitOfWork, *, claim: Claim) -> None:
    """Store a claim with an event that records it."""
    uow.event_log.append(an_event(EventKind.STARTED, deployment_id=claim.deployment_id))
    uow.claims.add(claim)


async def query(ledger: AnyLedger, action: Callable[[UnitOfWork], T]) -> T:
    """Return the result of a query, which is the same in a transaction and in a snapshot."""
    result = await ledger.perform(action)
    assert await ledger.reads.read_snapshot(action) == result
    return result
