"""Webhook deliveries: events for webhooks, and the attempts to send them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from uuid import UUID
from zlib import crc32

from gatepost_domain.event import EventKind
from gatepost_domain.webhooks.webhook import DisabledReason, Webhook, disable

RETRY_DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The delays after failed attempts, as recommended by Standard Webhooks 1.0.0. The first attempt is
made immediately; the attempt after the last delay is the final one."""

MAX_ATTEMPTS: Final = len(RETRY_DELAYS) + 1

JITTER: Final = 0.2
"""The largest fraction by which a delay is lengthened to spread out retries."""

MAX_RETRY_AFTER: Final = timedelta(hours=24)
"""The maximum time by which a receiver can delay the next request."""

DISABLE_AFTER: Final = timedelta(days=5)
"""How long all requests must have been failing before a webhook is disabled."""

LEASE: Final = timedelta(seconds=25)
"""How long a worker has for one attempt, including its report."""

REQUEST_TIMEOUT: Final = timedelta(seconds=15)
"""How long the receiver may take to answer. Standard Webhooks recommends 15 to 30 s."""

_SLOW_DOWN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class DeliveryState(StrEnum):
    """Whether a delivery is pending, was delivered or has failed."""

    PENDING = "pending"
    """The delivery is being sent, or is waiting for its next attempt."""
    DELIVERED = "delivered"
    """The receiver answered with a status from 200 to 299."""
    FAILED = "failed"
    """No attempt succeeded, or the receiver answered 410. The delivery can be sent again."""
    CANCELLED = "cancelled"
    """The webhook was removed before the delivery succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The result of one attempt, as the worker reports it."""

    at: datetime
    """When it ended."""
    status: int | None
    """The HTTP status of the answer; None if there was none."""
    detail: str
    """What happened, in a sentence; empty if the receiver accepted the message."""
    took_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one webhook. There is at most one delivery for each pair."""

    id: UUID
    """The id of the delivery, which is also the id of the message in every attempt."""
    webhook_id: UUID
    seq: int
    """The event's position in the log."""
    kind: EventKind
    state: DeliveryState = DeliveryState.PENDING
    created_at: datetime
    due_at: datetime
    """When the next attempt can begin, unless a request to the webhook is in progress."""
    attempts: int = 0
    """The number of attempts that have ended since the delivery was queued or, if a person has
    resent it, since it was last resent."""
    claims: int = 0
    """The number of claims, which is also the fencing token of the latest one."""
    worker: str | None = None
    """The name of the worker that last claimed it."""
    last_attempt: Attempt | None = None
    ended_at: datetime | None = None
    """When it was delivered, failed or was cancelled; None while it is pending."""


def claim_delivery(
    webhook: Webhook, delivery: Delivery, *, worker: str, at: datetime
) -> tuple[Webhook, Delivery]:
    """Return the webhook and the delivery as claimed by a worker that sends the message.

    The webhook gets no other request until the result is reported or the lease expires. If the
    lease expires, another worker sends the same message.
    """
    claimed = replace(delivery, claims=delivery.claims + 1, worker=worker)
    return replace(webhook, next_request_at=at + LEASE), claimed


def conclude_attempt(
    webhook: Webhook, delivery: Delivery, attempt: Attempt, *, retry_after: timedelta | None
) -> tuple[Webhook, Delivery]:
    """Return the webhook and the delivery after an attempt to send it.

    The delivery has then been delivered, is pending another attempt, or has failed. The webhook
    is disabled if the receiver is gone or all requests have failed for five days.
    """
    at = attempt.at
    attempted = replace(delivery, attempts=delivery.attempts + 1, last_attempt=attempt)
    if attempt.status is not None and HTTPStatus(200) <= attempt.status < HTTPStatus(300):
        delivered = replace(attempted, state=DeliveryState.DELIVERED, ended_at=at)
        return replace(webhook, failing_since=None, next_request_at=at), delivered
    if attempt.status == HTTPStatus.GONE:
        return disable(webhook, DisabledReason.GONE, at=at), _fail(attempted, at)
    pause = timedelta()
    if retry_after is not None and attempt.status in _SLOW_DOWN:
        pause = min(retry_after, MAX_RETRY_AFTER)
    failing_since = webhook.failing_since or at
    failing = replace(webhook, failing_since=failing_since, next_request_at=at + pause)
    if at - failing_since >= DISABLE_AFTER:
        failing = disable(failing, DisabledReason.FAILING, at=at)
    if attempted.attempts >= MAX_ATTEMPTS:
        return failing, _fail(attempted, at)
    return failing, replace(attempted, due_at=at + max(retry_delay(attempted), pause))


def cancel(delivery: Delivery, *, at: datetime) -> Delivery:
    """Return a pending delivery as cancelled, because its webhook was removed."""
    return replace(delivery, state=DeliveryState.CANCELLED, ended_at=at)


def requeue(delivery: Delivery, *, at: datetime) -> Delivery:
    """Return a delivery that has ended as pending again, with a full schedule of attempts."""
    return replace(delivery, state=DeliveryState.PENDING, due_at=at, attempts=0, ended_at=None)


def retry_delay(delivery: Delivery) -> timedelta:
    """Return the delay after the delivery's latest failed attempt.

    The jitter is derived from the id and the attempt, so no random numbers are needed.
    """
    delay = RETRY_DELAYS[delivery.attempts - 1]
    share = crc32(f"{delivery.id} {delivery.attempts}".encode()) / 2**32
    return delay * (1 + JITTER * share)


def _fail(delivery: Delivery, at: datetime) -> Delivery:
    return replace(delivery, state=DeliveryState.FAILED, ended_at=at)
