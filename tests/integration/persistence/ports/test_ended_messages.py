"""Every ledger resends failed notifications, counts the backlog and removes ended messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from gatepost_domain.access.command import Command
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.actions.outgoing_message_retention import has_expired_messages
from gatepost_domain.actions.webhooks.resend_and_test import send_test
from gatepost_domain.errors import NotFound
from gatepost_domain.notifications.errors import (
    NotificationChannelDisabled,
    NotificationClaimLost,
    NotificationNotFailed,
)
from gatepost_domain.notifications.notification import MAX_ATTEMPTS, NotificationState
from gatepost_domain.ports.message_backlog import MessageBacklog
from gatepost_domain.status_transitions import Action
from tests.support.builders import NOON, an_id, create_catalog
from tests.support.domain import webhooks
from tests.support.domain.actions import all_events, perform_action, request_deployment
from tests.support.domain.notifications import (
    ADMIN,
    ALL,
    QA,
    a_person,
    add,
    add_people,
    change,
    claim,
    fail_a_test,
    finish,
    queue,
    queued,
    remove,
    require_claimed,
    send_a_test,
    send_again,
)
from tests.support.storage.ledgers import AnyLedger

HOUR = timedelta(hours=1)
KEEP = timedelta(days=7)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with a person in the group qa."""
    await create_catalog(ledger)
    await add_people(ledger, a_person("bo", "qa"))
    return ledger


async def test_failed_notification_is_sent_again(ledger: AnyLedger) -> None:
    """It gets a full schedule of attempts, and the event contains its id."""
    channel = await add(ledger, QA)
    failed, at = await fail_a_test(ledger, channel.id)
    pending = await send_again(ledger, failed, at=at)
    event = (await all_events(ledger.reads))[-1]
    task = await require_claimed(ledger, at=at)
    await finish(ledger, task.channel, at=at)
    (sent,) = (await ledger.reads.notifications(channel.id, None, ALL)).items

    assert (failed.state, failed.attempts) == (NotificationState.FAILED, MAX_ATTEMPTS)
    assert (pending.state, pending.attempts, pending.ended_at) == ("pending", 0, None)
    assert (event.kind, event.data["notification"]) == ("notification_resent", str(failed.id))
    assert (sent.id, sent.state, sent.attempts) == (failed.id, "sent", 1)


async def test_late_report_of_an_earlier_claim_changes_nothing(ledger: AnyLedger) -> None:
    """The notification that is sent again belongs to no claim yet."""
    channel = await add(ledger, QA)
    failed, at = await fail_a_test(ledger, channel.id)
    stored = await ledger.reads.notification_channel(channel.id)
    await send_again(ledger, failed, at=at)

    with pytest.raises(NotificationClaimLost):
        await finish(ledger, stored, at=at)


async def test_notification_that_no_longer_applies_is_dropped(ledger: AnyLedger) -> None:
    """Sending it again does not ask people for a decision that has already been made."""
    channel = await add(ledger, QA, remind_after=100 * HOUR, overdue_after=200 * HOUR)
    deployment = await request_deployment(ledger)
    await queue(ledger)
    at = NOON
    for _ in range(MAX_ATTEMPTS):
        await finish(ledger, (await require_claimed(ledger, at=at)).channel, sent=False, at=at)
        at += 6 * HOUR
    (failed,) = (await ledger.reads.notifications(channel.id, NotificationState.FAILED, ALL)).items
    await perform_action(ledger, Action.CANCEL, deployment.id, "olga")
    await send_again(ledger, failed, at=at)

    assert await claim(ledger, at=at) is None
    assert ("approval_requested", "dropped") in await queued(ledger, channel)


async def test_pending_notifications_of_a_removed_channel_are_dropped(ledger: AnyLedger) -> None:
    """They end when it is removed, and those that had ended before keep their state."""
    channel, other = await add(ledger, QA), await add(ledger, QA)
    await request_deployment(ledger)
    await queue(ledger)
    failed, at = await fail_a_test(ledger, channel.id)
    for each in (channel, other):
        await send_a_test(ledger, each.id, at=at)
    of_other = await queued(ledger, other)
    await remove(ledger, channel.id, at=at)

    states = await queued(ledger, channel)
    assert (failed.reason.value, "failed") in states
    assert ("test", "dropped") in states
    assert "pending" not in {state for _, state in states}
    assert await queued(ledger, other) == of_other
    assert ("test", "pending") in of_other


async def test_only_failed_notifications_of_an_enabled_channel_are_sent_again(
    ledger: AnyLedger,
) -> None:
    """Each refusal says why."""
    channel, other = await add(ledger, QA), await add(ledger, QA)
    failed, at = await fail_a_test(ledger, channel.id)
    pending = await send_a_test(ledger, channel.id, at=at)

    with pytest.raises(NotificationNotFailed, match="This notification is pending"):
        await send_again(ledger, pending, at=at)
    with pytest.raises(NotFound):
        await send_again(ledger, failed, channel=other.id, at=at)
    await change(ledger, channel.id, enabled=False)
    with pytest.raises(NotificationChannelDisabled):
        await send_again(ledger, failed, at=at)


async def test_backlogs_are_counted(ledger: AnyLedger) -> None:
    """Messages of disabled channels are not due, and those of removed channels do not count."""
    nothing = (await ledger.reads.message_backlogs()).notifications
    channel, removed = await add(ledger, QA), await add(ledger, QA)
    await fail_a_test(ledger, channel.id)
    await send_a_test(ledger, channel.id, at=NOON + 40 * HOUR)
    await send_a_test(ledger, removed.id)
    await remove(ledger, removed.id)
    enabled = await ledger.reads.message_backlogs()
    await change(ledger, channel.id, enabled=False)
    disabled = await ledger.reads.message_backlogs()

    assert nothing == MessageBacklog(pending=0, failed=0, oldest_due_at=None, lowest_position=None)
    assert (enabled.notifications.pending, enabled.notifications.failed) == (1, 1)
    assert enabled.notifications.delay(NOON + 41 * HOUR) == HOUR
    assert enabled.notifications.unqueued_events(enabled.last_seq) > 0
    assert disabled.notifications == (await ledger.reads.operating_figures()).notifications
    assert disabled.notifications.oldest_due_at is None
    assert disabled.notifications.unqueued_events(disabled.last_seq) == 0
    assert disabled.notifications.pending == 1


async def test_ended_messages_are_removed_after_a_time(ledger: AnyLedger) -> None:
    """Pending messages and the events are kept."""
    channel = await add(ledger, QA)
    webhook = await webhooks.add(ledger)
    failed, ended_at = await fail_a_test(ledger, channel.id)
    delivery = await deliver_a_test(ledger, webhook.id, at=ended_at)
    pending = await send_a_test(ledger, channel.id, at=ended_at)
    events = await all_events(ledger.reads)
    await remove_due(ledger, at=ended_at + KEEP)
    kept = (await ledger.reads.notifications(channel.id, None, ALL)).items
    expired = ended_at + KEEP + SECOND
    assert await ledger.perform(partial(has_due_work, at=expired, keep_messages=KEEP))
    await remove_due(ledger, at=expired)

    assert [item.id for item in kept] == [pending.id, failed.id]
    assert [
        item.id for item in (await ledger.reads.notifications(channel.id, None, ALL)).items
    ] == [pending.id]
    with pytest.raises(NotFound):
        await ledger.perform(lambda uow: uow.notifications.get_notification(failed.id))
    with pytest.raises(NotFound):
        await ledger.perform(lambda uow: uow.webhooks.get_delivery(delivery))
    assert (await all_events(ledger.reads))[: len(events)] == events
    assert not await ledger.perform(partial(has_expired_messages, at=expired, keep=KEEP))


async def deliver_a_test(ledger: AnyLedger, webhook: UUID, *, at: datetime) -> UUID:
    """Deliver a test to a webhook, and return the id of the delivery."""
    send = partial(send_test, webhook=webhook, command=Command(actor=ADMIN, at=at), id=an_id())
    test = await ledger.perform(send)
    task = await webhooks.require_claimed(ledger, at=at)
    await webhooks.finish(ledger, task.delivery, at=at)
    return test.id


async def remove_due(ledger: AnyLedger, *, at: datetime) -> None:
    """Do the work that is due, as the scheduler does."""
    await ledger.perform(partial(perform_due_work, at=at, new_id=an_id, keep_messages=KEEP))
