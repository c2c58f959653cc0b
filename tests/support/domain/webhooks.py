"""Webhooks and deliveries for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.webhooks.claims import (
    DeliveryTask,
    claim_next_delivery,
    finish_delivery,
)
from gatepost_domain.actions.webhooks.configuration import (
    RequestedFilter,
    WebhookChange,
    add_webhook,
    change_webhook,
    remove_webhook,
)
from gatepost_domain.actions.webhooks.outbox import queue_deliveries
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import Ledger
from gatepost_domain.webhooks.delivery import Attempt, Delivery
from gatepost_domain.webhooks.webhook import EventFilter, Webhook, WebhookFormat
from tests.support.builders import NOON, an_actor, an_id

URL = "https://hooks.example/gatepost"
ADMIN = an_actor("admin", roles=[Role.ADMIN])
WORKER = an_actor("worker", roles=[Role.WORKER])


def a_webhook() -> Webhook:
    """Return a webhook to which every event is sent."""
    return Webhook(
        id=an_id(),
        url=URL,
        format=WebhookFormat.GATEPOST,
        filter=EventFilter(),
        created_by="ada",
        created_at=NOON,
        position=1,
        next_request_at=NOON,
    )


def a_delivery(**changes: Any) -> Delivery:
    """Return a delivery that is due at noon."""
    delivery = Delivery(
        id=an_id(),
        webhook_id=an_id(),
        seq=2,
        kind=EventKind.APPROVED,
        created_at=NOON,
        due_at=NOON,
    )
    return replace(delivery, **changes)


def an_attempt(status: int | None = 200, *, at: datetime = NOON, detail: str = "") -> Attempt:
    """Return the result of an attempt."""
    return Attempt(at=at, status=status, detail=detail, took_ms=12)


async def add(
    ledger: Ledger,
    *,
    url: str = URL,
    message_format: WebhookFormat = WebhookFormat.GATEPOST,
    requested: RequestedFilter | None = None,
    at: datetime = NOON,
) -> Webhook:
    """Add a webhook as an admin."""
    return await ledger.perform(
        partial(
            add_webhook,
            url=url,
            format=message_format,
            requested=requested or RequestedFilter(),
            command=Command(actor=ADMIN, at=at),
            id=an_id(),
        )
    )


async def change(
    ledger: Ledger, webhook: UUID, changed: WebhookChange, *, at: datetime = NOON
) -> Webhook:
    """Change a webhook as an admin."""
    return await ledger.perform(
        partial(
            change_webhook,
            webhook=webhook,
            change=changed,
            command=Command(actor=ADMIN, at=at),
        )
    )


async def remove(ledger: Ledger, webhook: UUID, *, at: datetime = NOON) -> Webhook:
    """Remove a webhook as an admin."""
    return await ledger.perform(
        partial(remove_webhook, webhook=webhook, command=Command(actor=ADMIN, at=at))
    )


async def queue(ledger: Ledger, *, at: datetime = NOON) -> None:
    """Queue the deliveries that are missing."""
    await ledger.perform(partial(queue_deliveries, at=at, new_id=an_id))


async def claim(
    ledger: Ledger, worker: str = "berlin-1", *, at: datetime = NOON
) -> DeliveryTask | None:
    """Claim the next delivery as a worker."""
    return await ledger.perform(
        partial(claim_next_delivery, command=Command(actor=WORKER, at=at), worker=worker)
    )


async def require_claimed(
    ledger: Ledger, worker: str = "berlin-1", *, at: datetime = NOON
) -> DeliveryTask:
    """Claim the next delivery, which there must be."""
    task = await claim(ledger, worker, at=at)
    assert task is not None
    return task


async def finish(
    ledger: Ledger,
    delivery: Delivery,
    status: int | None = 200,
    *,
    at: datetime = NOON,
    retry_after: timedelta | None = None,
    fencing_token: int | None = None,
) -> Delivery:
    """Report the result of an attempt as a worker."""
    return await ledger.perform(
        partial(
            finish_delivery,
            delivery=delivery.id,
            command=Command(actor=WORKER, at=at),
            fencing_token=delivery.claims if fencing_token is None else fencing_token,
            attempt=an_attempt(status, at=at),
            retry_after=retry_after,
        )
    )
