"""Every ledger queues, claims and stores notifications in the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from functools import partial

import pytest

from gatepost_domain.access.actor import TriggeringPerson
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.deployments import request
from gatepost_domain.actions.due_work import has_due_work, perform_due_work
from gatepost_domain.actions.notifications.claims import (
    claim_next_notifications,
    has_claimable_notification,
)
from gatepost_domain.actions.notifications.outbox import (
    has_notifications_to_queue,
)
from gatepost_domain.errors import NotFound
from gatepost_domain.notifications.channel import DigestPeriod, QuietHours, Recipient, RecipientKind
from gatepost_domain.notifications.errors import NotificationClaimLost
from gatepost_domain.notifications.notification import LEASE, MAX_ATTEMPTS
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action
from tests.support.builders import (
    NOON,
    a_request,
    an_actor,
    an_event,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.notifications import (
    QA,
    a_person,
    add,
    add_people,
    change,
    claim,
    finish,
    queue,
    queued,
    remove,
    require_claimed,
    send_a_test,
)
from tests.support.storage.ledgers import AnyLedger

HOUR = timedelta(hours=1)
DEVOPS = Recipient(kind=RecipientKind.GROUP, name="devops")
TEAM = Recipient(kind=RecipientKind.TEAM, name="team")
BO = Recipient(kind=RecipientKind.USER, name="bo")
ADA = Recipient(kind=RecipientKind.USER, name="ada")
REQUEST = [
    ("approval_requested", "pending"),
    ("approval_reminder", "pending"),
    ("approval_overdue", "pending"),
]


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with a shop, whose production has the stages qa and devops."""
    await create_catalog(ledger)
    await add_people(
        ledger,
        a_person("ada", "dev", roles=(Role.REQUESTER,)),
        a_person("bo", "qa"),
        a_person("cy", "devops"),
    )
    return ledger


async def test_those_who_can_act_are_told_with_reminders(ledger: AnyLedger) -> None:
    """The people of the next stage, and those who cannot act, are not told."""
    qa, devops, bo, team = [await add(ledger, to) for to in (QA, DEVOPS, BO, TEAM)]
    ada = await add(ledger, ADA)
    await request_deployment(ledger)
    assert await ledger.perform(has_notifications_to_queue)
    await queue(ledger)
    await queue(ledger)

    for channel in (qa, bo, team):
        assert await queued(ledger, channel) == REQUEST
    assert await queued(ledger, devops) == []
    assert await queued(ledger, ada) == []
    assert not await ledger.perform(has_notifications_to_queue)


async def test_group_of_the_requester_alone_is_not_told(ledger: AnyLedger) -> None:
    """Nobody in it could approve."""
    await add_people(ledger, a_person("eve", "night", "qa"))
    night = await add(ledger, Recipient(kind=RecipientKind.GROUP, name="night"))
    await request_deployment(ledger, requester="eve")
    await queue(ledger)

    assert await queued(ledger, night) == []


async def test_next_stage_is_told_when_it_opens(ledger: AnyLedger) -> None:
    """The first stage is not reminded any more, and hears nothing new."""
    qa, devops = await add(ledger, QA), await add(ledger, DEVOPS)
    deployment = await request_deployment(ledger)
    await queue(ledger)
    await perform_action(ledger, Action.APPROVE, deployment.id, an_actor("bo", groups=["qa"]))
    await queue(ledger)
    task = await require_claimed(ledger)
    await finish(ledger, task.channel)
    late = await claim(ledger, at=NOON + 30 * HOUR)

    assert task.channel.id == devops.id
    assert [item.notification.stage for item in task.items] == ["devops"]
    assert task.items[0].can_act == ("cy",)
    assert late is not None
    assert late.channel.id == devops.id
    assert await queued(ledger, qa) == [(reason, "dropped") for reason, _ in REQUEST]


async def test_reminder_and_overdue_follow_while_the_request_waits(ledger: AnyLedger) -> None:
    """Each is one message."""
    channel = await add(ledger, QA, remind_after=HOUR, overdue_after=2 * HOUR)
    await request_deployment(ledger)
    await queue(ledger)
    sent = []
    for hours in range(3):
        at = NOON + hours * HOUR
        task = await require_claimed(ledger, at=at)
        assert await claim(ledger, at=at) is None
        sent += [item.notification.reason.value for item in task.items]
        await finish(ledger, task.channel, at=at)

    assert sent == ["approval_requested", "approval_reminder", "approval_overdue"]
    assert await queued(ledger, channel) == [(reason, "sent") for reason, _ in REQUEST]


async def test_reminder_is_dropped_once_the_request_has_ended(ledger: AnyLedger) -> None:
    """The requester hears of the outcome instead."""
    qa, ada = await add(ledger, QA), await add(ledger, ADA)
    deployment = await request_deployment(ledger)
    await queue(ledger)
    await finish(ledger, (await require_claimed(ledger)).channel)
    await perform_action(ledger, Action.REJECT, deployment.id, an_actor("bo", groups=["qa"]))
    await queue(ledger)
    outcome = await require_claimed(ledger)
    await finish(ledger, outcome.channel)

    assert outcome.channel.id == ada.id
    assert [item.event.kind for item in outcome.items] == ["rejected"]
    assert await ledger.perform(
        partial(has_claimable_notification, command=worker_command(hours=30))
    )
    assert await claim(ledger, at=NOON + 30 * HOUR) is None
    assert await queued(ledger, qa) == [
        ("approval_requested", "sent"),
        ("approval_reminder", "dropped"),
        ("approval_overdue", "dropped"),
    ]


async def test_requesters_hear_nothing_of_what_they_did(ledger: AnyLedger) -> None:
    """The team of the service does."""
    ada, team = await add(ledger, ADA), await add(ledger, TEAM)
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.CANCEL, deployment.id, "ada")
    await queue(ledger)

    assert await queued(ledger, ada) == []
    assert await queued(ledger, team) == [("outcome", "pending")]


async def test_withdrawn_approval_opens_the_request_again(ledger: AnyLedger) -> None:
    """The reminders of the first request are replaced."""
    qa = await add(ledger, QA)
    deployment = await request_deployment(ledger)
    await queue(ledger)
    bo = an_actor("bo", groups=["qa"])
    await perform_action(ledger, Action.APPROVE, deployment.id, bo)
    await queue(ledger)
    await perform_action(ledger, Action.WITHDRAW, deployment.id, bo)
    await queue(ledger)

    assert await queued(ledger, qa) == [(reason, "dropped") for reason, _ in REQUEST] + REQUEST


async def test_after_review_is_requested_and_becomes_overdue(ledger: AnyLedger) -> None:
    """Those who can close it are told."""
    await add(ledger, BO)
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, deployment.id, "olga")
    await queue(ledger)
    task = await require_claimed(ledger)
    await finish(ledger, task.channel)
    later = NOON + timedelta(days=10)
    await ledger.perform(partial(perform_due_work, at=later, new_id=an_id))
    overdue = await require_claimed(ledger, at=later)

    assert [item.notification.reason for item in task.items] == ["after_review_requested"]
    assert [item.notification.reason for item in overdue.items] == ["after_review_overdue"]


async def test_what_is_due_together_is_one_message(ledger: AnyLedger) -> None:
    """After quiet hours, and in digests, a request is named once, with its latest state."""
    quiet = QuietHours(start=time(11), end=time(18))
    channel = await add(ledger, QA, quiet_hours=quiet, digest=DigestPeriod.HOURLY)
    first, second = await request_deployment(ledger), await request_deployment(ledger)
    await queue(ledger)
    assert await claim(ledger, at=NOON + 5 * HOUR) is None
    task = await require_claimed(ledger, at=NOON + 6 * HOUR)
    await finish(ledger, task.channel, at=NOON + 6 * HOUR)

    assert [item.notification.deployment_id for item in task.items] == [first.id, second.id]
    assert {item.notification.reason for item in task.items} == {"approval_reminder"}
    states = [state for _, state in await queued(ledger, channel)]
    assert (states.count("dropped"), states.count("sent"), states.count("pending")) == (2, 2, 2)


async def test_scheduler_queues_notifications(ledger: AnyLedger) -> None:
    """It is due work like expiry."""
    channel = await add(ledger, QA)
    await request_deployment(ledger)
    due = await ledger.perform(partial(has_due_work, at=NOON))
    await ledger.perform(partial(perform_due_work, at=NOON, new_id=an_id))

    assert due
    assert await queued(ledger, channel) == REQUEST


async def test_other_worker_takes_over_after_the_lease(ledger: AnyLedger) -> None:
    """The late report of the first worker is refused and changes nothing."""
    channel = await add(ledger, QA)
    await send_a_test(ledger, channel.id)
    lost = await require_claimed(ledger)
    assert await claim(ledger, at=NOON + LEASE - timedelta(seconds=1)) is None
    taken_over = await require_claimed(ledger, "berlin-2", at=NOON + LEASE)

    assert (taken_over.channel.claims, taken_over.channel.worker) == (2, "berlin-2")
    with pytest.raises(NotificationClaimLost):
        await finish(ledger, lost.channel, at=NOON + LEASE)
    await finish(ledger, taken_over.channel, at=NOON + LEASE)
    with pytest.raises(NotificationClaimLost):
        await finish(ledger, taken_over.channel, at=NOON + LEASE)


async def test_failed_attempts_are_repeated_up_to_a_limit(ledger: AnyLedger) -> None:
    """Then the notification has failed, and the admin sees why."""
    channel = await add(ledger, QA)
    await send_a_test(ledger, channel.id)
    at, attempts = NOON, 0
    while (task := await claim(ledger, at=at)) is not None:
        await finish(ledger, task.channel, sent=False, at=at)
        at, attempts = at + 6 * HOUR, attempts + 1
    (failed,) = (await ledger.reads.notifications(channel.id, None, PageRequest(limit=2))).items

    assert attempts == failed.attempts == MAX_ATTEMPTS
    assert failed.state == "failed"
    assert failed.last_attempt is not None
    assert failed.last_attempt.detail == "Slack answered 403."


async def test_disabled_and_removed_channels_get_nothing(ledger: AnyLedger) -> None:
    """What happened meanwhile is not sent later, and a removed URL is erased."""
    channel = await add(ledger, QA)
    await change(ledger, channel.id, enabled=False)
    await request_deployment(ledger)
    await queue(ledger)
    enabled = await change(ledger, channel.id, enabled=True)
    await queue(ledger)
    assert await queued(ledger, enabled) == []
    await send_a_test(ledger, channel.id)
    removed = await remove(ledger, channel.id)

    assert await claim(ledger) is None
    assert removed.address.sealed == ""
    with pytest.raises(NotFound):
        await ledger.reads.notification_channel(channel.id)


async def test_pages_are_complete(ledger: AnyLedger) -> None:
    """Both lists begin with the latest."""
    channels = [(await add(ledger, QA)).id for _ in range(3)]
    tests = [(await send_a_test(ledger, channels[0])).id for _ in range(3)]
    first = await ledger.reads.notification_channels(PageRequest(limit=2))
    rest = await ledger.reads.notification_channels(PageRequest(limit=2, after=first.next_key))
    newest = await ledger.reads.notifications(channels[0], None, PageRequest(limit=2))
    oldest = await ledger.reads.notifications(
        channels[0], None, PageRequest(limit=2, after=newest.next_key)
    )

    assert [item.id for item in (*first.items, *rest.items)] == channels[::-1]
    assert [item.id for item in (*newest.items, *oldest.items)] == tests[::-1]


async def test_worker_of_one_service_gets_no_notifications(ledger: AnyLedger) -> None:
    """A message can be about any service."""
    channel = await add(ledger, QA)
    await send_a_test(ledger, channel.id)
    limited = Command(
        actor=an_actor("worker", grants=[Grant(role=Role.WORKER, service="shop")]), at=NOON
    )
    take = partial(claim_next_notifications, command=limited, worker="berlin-1")

    assert not await ledger.perform(partial(has_claimable_notification, command=limited))
    assert await ledger.perform(take) is None


def worker_command(*, hours: int) -> Command:
    """Return the command of a worker, hours after noon."""
    return Command(actor=an_actor("worker", roles=[Role.WORKER]), at=NOON + hours * HOUR)


async def test_everybody_behind_a_request_hears_of_its_outcome(ledger: AnyLedger) -> None:
    """The person for whom it was requested, and who triggered the pipeline, too."""
    await add_people(ledger, a_person("dan"), a_person("fay"))
    pipeline = an_actor("ci", trigger=TriggeringPerson(name="fay"))
    channels = [
        await add(ledger, Recipient(kind=RecipientKind.USER, name=name)) for name in ("dan", "fay")
    ]
    for_dan = Command(actor=pipeline, at=NOON, requested_name="dan", requested_user=a_person("dan"))
    deployment = await ledger.perform(
        lambda uow: request.request_deployment(uow, a_request(), for_dan, id=an_id(), new_id=an_id)
    )
    await perform_action(ledger, Action.CANCEL, deployment.id, "olga")
    await queue(ledger)

    for channel in channels:
        assert ("outcome", "pending") in await queued(ledger, channel)


async def test_requester_hears_of_the_complete_review(ledger: AnyLedger) -> None:
    """But not of each approval before."""
    ada = await add(ledger, ADA)
    deployment = await request_deployment(ledger)
    for name, group in (("bo", "qa"), ("cy", "devops")):
        assert await queued(ledger, ada) == []
        actor = an_actor(name, groups=[group])
        await perform_action(ledger, Action.APPROVE, deployment.id, actor)
        await queue(ledger)

    assert (await require_claimed(ledger)).items[0].event.kind == "approved"


async def test_those_who_can_no_longer_act_are_not_told(ledger: AnyLedger) -> None:
    """For example because they left the group, or were disabled, before it was due."""
    channels = [await add(ledger, BO, remind_after=HOUR) for _ in range(12)]
    await request_deployment(ledger)
    while await ledger.perform(has_notifications_to_queue):
        await queue(ledger)
    bo = await ledger.perform(lambda uow: uow.users.get("bo"))
    disabled = replace(bo, disabled=True, revision=bo.revision + 1)
    await ledger.perform(lambda uow: uow.users.save(disabled, an_event()))
    first = await claim(ledger, at=NOON + 30 * HOUR)
    second = await claim(ledger, at=NOON + 30 * HOUR)

    assert first is second is None
    for channel in channels:
        assert await queued(ledger, channel) == [(reason, "dropped") for reason, _ in REQUEST]
