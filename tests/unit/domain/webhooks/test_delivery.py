"""Attempts follow the published schedule, until a delivery is delivered or has failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.webhooks.delivery import (
    DISABLE_AFTER,
    JITTER,
    LEASE,
    MAX_ATTEMPTS,
    RETRY_DELAYS,
    DeliveryState,
    claim_delivery,
    conclude_attempt,
    requeue,
)
from gatepost_domain.webhooks.webhook import DisabledReason
from tests.support.builders import NOON
from tests.support.domain.webhooks import a_delivery, a_webhook, an_attempt

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 500, None])
def test_any_other_answer_is_tried_again(status: int | None) -> None:
    """Redirects are not followed, so they are failures like errors and lost connections."""
    webhook, delivery = conclude_attempt(
        a_webhook(), a_delivery(), an_attempt(status), retry_after=MINUTE
    )

    assert delivery.state is DeliveryState.PENDING
    assert delivery.due_at < NOON + MINUTE
    assert webhook.failing_since == NOON
    assert webhook.is_enabled


def test_delays_follow_the_published_schedule_with_jitter() -> None:
    """After the last delay there is one last attempt."""
    webhook, delivery, at = a_webhook(), a_delivery(), NOON
    delays = []
    while delivery.state is DeliveryState.PENDING:
        webhook, delivery = conclude_attempt(
            webhook, delivery, an_attempt(500, at=at), retry_after=None
        )
        delays.append(delivery.due_at - at)
        at = delivery.due_at

    assert delivery.state is DeliveryState.FAILED
    assert delivery.attempts == len(delays) == MAX_ATTEMPTS == 10
    for planned, delay in zip(RETRY_DELAYS, delays[:-1], strict=True):
        assert planned <= delay <= planned * (1 + JITTER)


def test_deliveries_that_fail_together_are_not_retried_together() -> None:
    """The jitter differs by delivery and attempt."""
    due = {
        conclude_attempt(a_webhook(), a_delivery(), an_attempt(500), retry_after=None)[1].due_at
        for _ in range(20)
    }

    assert len(due) > 15


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success_ends_the_delivery_and_the_failures(status: int) -> None:
    """The receiver works, so the webhook is not failing any more."""
    failing = replace(a_webhook(), failing_since=NOON)

    webhook, delivery = conclude_attempt(
        failing, a_delivery(), an_attempt(status, at=NOON + MINUTE), retry_after=None
    )

    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.ended_at == NOON + MINUTE
    assert webhook.failing_since is None


def test_gone_disables_the_webhook_and_fails_the_delivery() -> None:
    """410 means that the receiver wants no more requests."""
    webhook, delivery = conclude_attempt(
        a_webhook(), a_delivery(), an_attempt(410), retry_after=None
    )

    assert delivery.state is DeliveryState.FAILED
    assert webhook.disabled is not None
    assert webhook.disabled.reason is DisabledReason.GONE


@pytest.mark.parametrize("status", [429, 503])
def test_receiver_can_slow_all_requests_down(status: int) -> None:
    """Neither this delivery nor another one is sent before the time that the receiver named."""
    webhook, delivery = conclude_attempt(
        a_webhook(), a_delivery(), an_attempt(status), retry_after=MINUTE
    )

    assert webhook.next_request_at == NOON + MINUTE
    assert delivery.due_at == NOON + MINUTE


def test_pause_is_limited_to_a_day() -> None:
    """A wrong Retry-After cannot stop a webhook for ever."""
    webhook, _ = conclude_attempt(
        a_webhook(), a_delivery(), an_attempt(429), retry_after=timedelta(days=900)
    )

    assert webhook.next_request_at == NOON + timedelta(hours=24)


def test_webhook_that_fails_for_five_days_is_disabled() -> None:
    """A failure a moment earlier leaves it enabled."""
    failing = replace(a_webhook(), failing_since=NOON)
    just_before = an_attempt(500, at=NOON + DISABLE_AFTER - timedelta(seconds=1))

    enabled, _ = conclude_attempt(failing, a_delivery(), just_before, retry_after=None)
    disabled, delivery = conclude_attempt(
        failing, a_delivery(), an_attempt(500, at=NOON + DISABLE_AFTER), retry_after=None
    )

    assert enabled.is_enabled
    assert disabled.disabled is not None
    assert disabled.disabled.reason is DisabledReason.FAILING
    assert delivery.state is DeliveryState.PENDING


def test_claim_reserves_the_webhook_for_one_request() -> None:
    """Another worker can take over when the lease has expired."""
    webhook, delivery = claim_delivery(a_webhook(), a_delivery(), worker="berlin-1", at=NOON)

    assert webhook.next_request_at == NOON + LEASE
    assert (delivery.claims, delivery.worker) == (1, "berlin-1")


def test_sending_again_begins_the_schedule_anew() -> None:
    """The id stays the same, and so does the fencing token of the last claim."""
    _, failed = conclude_attempt(
        a_webhook(),
        a_delivery(attempts=MAX_ATTEMPTS - 1, claims=12),
        an_attempt(500),
        retry_after=None,
    )

    again = requeue(failed, at=NOON + MINUTE)

    assert again.state is DeliveryState.PENDING
    assert again.id == failed.id
    assert (again.attempts, again.claims, again.due_at) == (0, 12, NOON + MINUTE)
