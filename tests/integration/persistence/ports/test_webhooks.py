"""Every ledger queues, claims and stores deliveries to webhooks in the same way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.actions.webhooks.claims import claim_next_delivery, has_claimable_delivery
from gatepost_domain.actions.webhooks.configuration import (
    RequestedFilter,
    WebhookChange,
)
from gatepost_domain.actions.webhooks.outbox import BATCH_SIZE, has_events_to_queue
from gatepost_domain.actions.webhooks.resend_and_test import redeliver
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.webhooks.delivery import LEASE, MAX_ATTEMPTS, DeliveryState
from gatepost_domain.webhooks.errors import (
    DeliveryClaimLost,
    DeliveryPending,
)
from gatepost_domain.webhooks.webhook import DisabledReason, WebhookFormat
from tests.support.builders import NOON, an_actor, an_id, create_catalog
from tests.support.domain.actions import all_events, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS, create_record
from tests.support.domain.webhooks import (
    ADMIN,
    add,
    change,
    claim,
    finish,
    queue,
    remove,
    require_claimed,
)
from tests.support.storage.ledgers import AnyLedger

SECOND = timedelta(seconds=1)
ALL = PageRequest(limit=200)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two services in several environments."""
    await create_catalog(ledger, services=["shop", "cart"], policies=ENVIRONMENTS)
    return ledger


async def last_seq(ledger: AnyLedger) -> int:
    return await ledger.perform(lambda uow: uow.event_log.last_seq())


async def queued_seqs(ledger: AnyLedger, webhook: UUID) -> list[int]:
    """Return the events of all deliveries of a webhook, oldest first."""
    page = await ledger.reads.deliveries(webhook, None, ALL)
    return [delivery.seq for delivery in page.items][::-1]


async def queued_kinds(ledger: AnyLedger, webhook: UUID) -> set[str]:
    page = await ledger.reads.deliveries(webhook, None, ALL)
    return {delivery.kind for delivery in page.items}


async def last_kind(ledger: AnyLedger) -> str:
    return (await all_events(ledger.reads))[-1].kind


async def test_every_later_event_is_queued_exactly_once(ledger: AnyLedger) -> None:
    """Earlier events and the webhook's own are not sent, and repeating the task adds nothing."""
    webhook = await add(ledger)
    begin = await last_seq(ledger)
    await request_deployment(ledger, environment="test")
    end = await last_seq(ledger)
    assert await ledger.perform(has_events_to_queue)
    await queue(ledger)
    await queue(ledger)

    assert await queued_seqs(ledger, webhook.id) == [*range(begin + 1, end + 1)]
    assert not await ledger.perform(has_events_to_queue)
    assert (await ledger.reads.webhook(webhook.id)).position == end


async def test_many_events_are_queued_in_batches(ledger: AnyLedger) -> None:
    """No transaction reads more than one batch for a position."""
    webhook = await add(ledger)
    other = await add(ledger)
    begin = await last_seq(ledger)

    for index in range(BATCH_SIZE + 2):
        await change(
            ledger, other.id, WebhookChange(tiers=(Tier.TEST, Tier.PRODUCTION)[index % 2 :][:1])
        )
    await queue(ledger)
    first = (await ledger.reads.webhook(webhook.id)).position
    await queue(ledger)
    await queue(ledger)

    end = await last_seq(ledger)
    assert first < end
    assert (await ledger.reads.webhook(webhook.id)).position == end
    assert await queued_seqs(ledger, webhook.id) == [*range(begin, end + 1)][-200:]


async def test_scheduler_queues_deliveries(ledger: AnyLedger) -> None:
    """It is due work like expiry."""
    webhook = await add(ledger)
    await request_deployment(ledger, environment="test")
    due = await ledger.perform(partial(has_due_work, at=NOON))
    await ledger.perform(partial(perform_due_work, at=NOON, new_id=an_id))

    assert due
    assert await queued_seqs(ledger, webhook.id)


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        (RequestedFilter(kinds=("requested",)), {"requested"}),
        (RequestedFilter(services=("cart",)), set[str]()),
        (RequestedFilter(services=("shop",), environments=("test",)), {"requested", "approved"}),
        (RequestedFilter(environments=("development",)), set[str]()),
        (RequestedFilter(tiers=(Tier.TEST,)), {"requested", "approved"}),
        (RequestedFilter(tiers=(Tier.PRODUCTION,)), set[str]()),
        (RequestedFilter(kinds=("approved", "*")), {"requested", "approved"}),
    ],
)
async def test_only_matching_events_are_queued(
    ledger: AnyLedger, requested: RequestedFilter, expected: set[str]
) -> None:
    """All filters must match."""
    webhook = await add(ledger, requested=requested)
    await request_deployment(ledger, environment="test")
    await queue(ledger)

    assert await queued_kinds(ledger, webhook.id) & {"requested", "approved"} == expected
    assert (await ledger.reads.webhook(webhook.id)).position == await last_seq(ledger)


async def test_oldest_due_delivery_is_claimed_first_one_at_a_time(ledger: AnyLedger) -> None:
    """A webhook has one request in progress, so first attempts follow the order of events."""
    webhook = await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    seqs = await queued_seqs(ledger, webhook.id)
    first = await require_claimed(ledger)
    while_in_progress = await claim(ledger)
    await finish(ledger, first.delivery)
    second = await require_claimed(ledger)

    assert while_in_progress is None
    assert [first.entry.seq, second.entry.seq] == seqs[:2]
    assert first.deployment is not None
    assert first.deployment.service == "shop"
    stored = await ledger.perform(lambda uow: uow.webhooks.get_delivery(first.delivery.id))
    assert stored.state is DeliveryState.DELIVERED


async def test_other_worker_takes_over_after_the_lease(ledger: AnyLedger) -> None:
    """The late report of the first worker is refused and changes nothing."""
    await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    lost = await require_claimed(ledger)
    taken_over = await require_claimed(ledger, "berlin-2", at=NOON + LEASE)

    assert taken_over.delivery.id == lost.delivery.id
    assert taken_over.delivery.claims == 2
    with pytest.raises(DeliveryClaimLost, match="berlin-2 holds it now"):
        await finish(ledger, lost.delivery, at=NOON + LEASE)
    await finish(ledger, taken_over.delivery, at=NOON + LEASE)
    with pytest.raises(DeliveryClaimLost, match="it is delivered"):
        await finish(ledger, taken_over.delivery, at=NOON + LEASE)


async def test_hanging_receiver_does_not_delay_others(ledger: AnyLedger) -> None:
    """While one webhook has a request in progress, another one's deliveries are claimed."""
    first = await add(ledger)
    second = await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)

    claimed = {(await require_claimed(ledger)).webhook.id for _ in range(2)}

    assert claimed == {first.id, second.id}
    assert await claim(ledger) is None


async def test_receiver_that_asks_for_a_pause_gets_one(ledger: AnyLedger) -> None:
    """No other delivery is sent during the pause either."""
    await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    task = await require_claimed(ledger)
    await finish(ledger, task.delivery, 429, retry_after=60 * SECOND)

    assert await claim(ledger, at=NOON + 59 * SECOND) is None
    assert await claim(ledger, at=NOON + 60 * SECOND) is not None


async def test_gone_receiver_gets_nothing_more(ledger: AnyLedger) -> None:
    """The webhook is disabled with an event, which it does not get."""
    webhook = await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    task = await require_claimed(ledger)
    await finish(ledger, task.delivery, 410)
    await queue(ledger)

    stored = await ledger.reads.webhook(webhook.id)
    assert stored.disabled is not None
    assert stored.disabled.reason is DisabledReason.GONE
    assert await claim(ledger, at=NOON + timedelta(days=1)) is None
    event = (await all_events(ledger.reads))[-1]
    assert (event.kind, event.actor) == (EventKind.WEBHOOK_DISABLED, "system")
    assert event.data["reason"] == "gone"
    assert event.data["host"] == "hooks.example"


async def test_enabled_webhook_continues_with_later_events(ledger: AnyLedger) -> None:
    """What happened while it was disabled is not sent, but what was pending is."""
    webhook = await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    pending = await queued_seqs(ledger, webhook.id)
    disabled = await change(ledger, webhook.id, WebhookChange(enabled=False))
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    while_disabled = await claim(ledger)
    enabled = await change(ledger, webhook.id, WebhookChange(enabled=True))
    await queue(ledger)

    assert while_disabled is None
    assert disabled.disabled is not None
    assert disabled.disabled.reason is DisabledReason.ADMIN
    assert enabled.is_enabled
    assert await queued_seqs(ledger, webhook.id) == pending
    assert (await require_claimed(ledger)).entry.seq == pending[0]


async def test_removed_webhook_is_unknown_and_gets_nothing(ledger: AnyLedger) -> None:
    """Not even its pending deliveries are sent, and a report about one is refused."""
    webhook = await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    task = await require_claimed(ledger)
    await remove(ledger, webhook.id)

    assert await claim(ledger, at=NOON + LEASE) is None
    assert (await ledger.reads.webhooks(ALL)).items == ()
    with pytest.raises(NotFound):
        await ledger.reads.webhook(webhook.id)
    with pytest.raises(NotFound):
        await finish(ledger, task.delivery)
    assert await last_kind(ledger) == "webhook_removed"


async def test_pending_deliveries_of_a_removed_webhook_are_cancelled(ledger: AnyLedger) -> None:
    """They end when it is removed, with no event of their own; other deliveries are unaffected."""
    removed, other = await add(ledger), await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    delivered = await require_claimed(ledger)
    await finish(ledger, delivered.delivery)
    before, ended = await last_seq(ledger), NOON + LEASE
    await remove(ledger, delivered.webhook.id, at=ended)

    of_removed = (await ledger.reads.deliveries(delivered.webhook.id, None, ALL)).items
    (kept,) = {removed.id, other.id} - {delivered.webhook.id}
    assert await last_seq(ledger) == before + 1
    assert {(item.state.value, item.ended_at) for item in of_removed} == {
        ("delivered", NOON),
        ("cancelled", ended),
    }
    assert {item.state for item in (await ledger.reads.deliveries(kept, None, ALL)).items} == {
        DeliveryState.PENDING
    }


async def test_failed_delivery_is_sent_again_with_its_id(ledger: AnyLedger) -> None:
    """It has all attempts of the schedule again."""
    webhook = await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    task = await require_claimed(ledger)
    again = partial(
        redeliver,
        webhook=webhook.id,
        delivery=task.delivery.id,
        command=Command(actor=ADMIN, at=NOON),
    )
    with pytest.raises(DeliveryPending):
        await ledger.perform(again)
    at, delivery = NOON, task.delivery
    for _ in range(MAX_ATTEMPTS):
        delivery = await finish(ledger, delivery, 500, at=at, fencing_token=task.delivery.claims)
        at = delivery.due_at
    failed = await ledger.reads.deliveries(webhook.id, DeliveryState.FAILED, ALL)
    pending = await ledger.perform(again)

    assert [item.id for item in failed.items] == [task.delivery.id]
    assert pending.state is DeliveryState.PENDING
    assert await last_kind(ledger) == "webhook_redelivered"


async def test_delivery_of_another_webhook_is_unknown(ledger: AnyLedger) -> None:
    """Its id alone is not enough."""
    await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    task = await require_claimed(ledger)
    await finish(ledger, task.delivery)
    other = await add(ledger)

    for delivery in (task.delivery.id, an_id()):
        with pytest.raises(NotFound):
            await ledger.perform(
                partial(
                    redeliver,
                    webhook=other.id,
                    delivery=delivery,
                    command=Command(actor=ADMIN, at=NOON),
                )
            )


async def test_worker_of_one_service_gets_no_deliveries(ledger: AnyLedger) -> None:
    """A message can be about any service."""
    await add(ledger)
    await request_deployment(ledger, environment="test")
    await queue(ledger)
    limited = Command(
        actor=an_actor("worker", grants=[Grant(role=Role.WORKER, service="shop")]), at=NOON
    )

    assert not await ledger.perform(partial(has_claimable_delivery, command=limited))
    assert (
        await ledger.perform(partial(claim_next_delivery, command=limited, worker="berlin-1"))
        is None
    )


async def test_cdevents_webhook_gets_only_events_that_have_one(ledger: AnyLedger) -> None:
    """Approvals have no CDEvent, and neither have records of failures."""
    webhook = await add(ledger, message_format=WebhookFormat.CDEVENTS)
    await request_deployment(ledger, environment="test")
    await create_record(ledger, environment="test", has_failed=True)
    await queue(ledger)

    assert await queued_seqs(ledger, webhook.id) == []


async def test_backlog_counts_what_waits(ledger: AnyLedger) -> None:
    """The metrics show how far sending is behind."""
    webhook = await add(ledger)
    begin = await last_seq(ledger)
    await request_deployment(ledger, environment="test")
    before = (await ledger.reads.operating_figures()).deliveries
    await queue(ledger)
    after = (await ledger.reads.operating_figures()).deliveries
    await remove(ledger, webhook.id)
    removed = (await ledger.reads.operating_figures()).deliveries

    assert (before.pending, before.lowest_position, before.oldest_due_at) == (0, begin, None)
    assert after.pending == await last_seq(ledger) - 1 - begin
    assert after.oldest_due_at == NOON
    assert (removed.pending, removed.failed, removed.lowest_position) == (0, 0, None)
