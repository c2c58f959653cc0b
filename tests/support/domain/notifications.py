"""Notification channels and notifications for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import User
from gatepost_domain.actions.notifications.claims import (
    NotificationTask,
    claim_next_notifications,
    finish_notifications,
)
from gatepost_domain.actions.notifications.configuration import (
    add_channel,
    change_channel,
    remove_channel,
)
from gatepost_domain.actions.notifications.outbox import queue_notifications
from gatepost_domain.actions.notifications.resend_and_test import resend, send_test
from gatepost_domain.notifications.address import ChannelAddress
from gatepost_domain.notifications.channel import (
    ChannelSettings,
    NotificationChannel,
    QuietHours,
    Recipient,
    RecipientKind,
)
from gatepost_domain.notifications.notification import (
    Notification,
    NotificationReason,
    SendAttempt,
)
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from tests.support.builders import NOON, a_user, an_actor, an_event, an_id
from tests.support.storage.ledgers import AnyLedger

URL = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#deploys"
ADMIN = an_actor("admin", roles=[Role.ADMIN])
WORKER = an_actor("worker", roles=[Role.WORKER])
QA = Recipient(kind=RecipientKind.GROUP, name="qa")
NIGHT = QuietHours(start=time(22), end=time(7))
ALL = PageRequest(limit=200)


def a_channel(**settings: Any) -> NotificationChannel:
    """Return a channel of the group qa."""
    return NotificationChannel(
        id=an_id(),
        recipient=QA,
        address=ChannelAddress(scheme="slack", shown="slack://***", sealed="sealed"),
        settings=_settings("QA", settings),
        created_by="ada",
        created_at=NOON,
        position=1,
        next_send_at=NOON,
    )


def a_notification(**changes: Any) -> Notification:
    """Return a notification about a request that is due at noon."""
    notification = Notification(
        id=an_id(),
        channel_id=an_id(),
        seq=2,
        reason=NotificationReason.APPROVAL_REQUESTED,
        deployment_id=an_id(),
        stage="qa",
        created_at=NOON,
        due_at=NOON,
    )
    return replace(notification, **changes)


def an_attempt(*, sent: bool = True, at: datetime = NOON) -> SendAttempt:
    """Return the result of an attempt."""
    return SendAttempt(at=at, sent=sent, detail="" if sent else "Slack answered 403.")


def a_person(name: str, *groups: str, roles: tuple[Role, ...] = (Role.REVIEWER,)) -> User:
    """Return a person who can review if a rule names one of their groups."""
    return a_user(name, groups=groups, grants=tuple(Grant(role=role) for role in roles))


async def add_people(ledger: Ledger, *people: User) -> None:
    """Store users."""
    for person in people:
        await ledger.perform(partial(_add_person, person=person))


def _add_person(uow: UnitOfWork, person: User) -> None:
    uow.users.add(person, an_event())


async def add(
    ledger: Ledger,
    recipient: Recipient | None = QA,
    *,
    by: Actor = ADMIN,
    url: str = URL,
    at: datetime = NOON,
    **settings: Any,
) -> NotificationChannel:
    """Add a channel, as an admin unless somebody else is named."""
    return await ledger.perform(
        lambda uow: add_in(uow, recipient, by=by, url=url, at=at, **settings)
    )


def add_in(
    uow: UnitOfWork,
    recipient: Recipient | None = QA,
    *,
    by: Actor = ADMIN,
    url: str = URL,
    at: datetime = NOON,
    **settings: Any,
) -> NotificationChannel:
    """Add a channel in a transaction, as an admin unless somebody else is named."""
    return add_channel(
        uow,
        url,
        recipient,
        _settings("Mine" if recipient is None else recipient.name, settings),
        Command(actor=by, at=at),
        id=an_id(),
        seal=seal,
    )


def _settings(name: str, settings: dict[str, Any]) -> ChannelSettings:
    fields: dict[str, Any] = {"name": name}
    return ChannelSettings(**(fields | settings))


def seal(url: str) -> str:
    """Return a text that hides a URL from people, but not from programs."""
    return f"sealed:{url[::-1].encode().hex()}"


async def change(
    ledger: Ledger,
    channel: UUID,
    *,
    by: Actor = ADMIN,
    url: str | None = None,
    enabled: bool | None = None,
    at: datetime = NOON,
    **settings: Any,
) -> NotificationChannel:
    """Change a channel, as an admin unless somebody else is named."""
    return await ledger.perform(
        partial(
            change_channel,
            channel=channel,
            change=lambda current: replace(current, **settings),
            command=Command(actor=by, at=at),
            seal=seal,
            url=url,
            enabled=enabled,
        )
    )


async def remove(
    ledger: Ledger, channel: UUID, *, by: Actor = ADMIN, at: datetime = NOON
) -> NotificationChannel:
    """Remove a channel, as an admin unless somebody else is named."""
    return await ledger.perform(
        partial(remove_channel, channel=channel, command=Command(actor=by, at=at))
    )


async def send_a_test(
    ledger: Ledger, channel: UUID, *, by: Actor = ADMIN, at: datetime = NOON
) -> Notification:
    """Send a test, as an admin unless somebody else is named."""
    return await ledger.perform(
        partial(send_test, channel=channel, command=Command(actor=by, at=at), id=an_id())
    )


async def fail_a_test(
    ledger: AnyLedger, channel: UUID, *, at: datetime = NOON
) -> tuple[Notification, datetime]:
    """Send a test that fails in all attempts, and return it with the time of the last one."""
    test, ended_at = await send_a_test(ledger, channel, at=at), at
    while (task := await claim(ledger, at=at)) is not None:
        await finish(ledger, task.channel, sent=False, at=at)
        at, ended_at = at + timedelta(hours=6), at
    failed = await ledger.perform(lambda uow: uow.notifications.get_notification(test.id))
    return failed, ended_at


async def send_again(
    ledger: Ledger,
    notification: Notification,
    *,
    channel: UUID | None = None,
    by: Actor = ADMIN,
    at: datetime = NOON,
) -> Notification:
    """Send a notification again, as an admin unless somebody else is named."""
    return await ledger.perform(
        partial(
            resend,
            channel=channel or notification.channel_id,
            notification=notification.id,
            command=Command(actor=by, at=at),
        )
    )


async def queue(ledger: Ledger, *, at: datetime = NOON) -> None:
    """Queue the notifications that are missing."""
    await ledger.perform(partial(queue_notifications, at=at, new_id=an_id))


async def claim(
    ledger: Ledger, worker: str = "berlin-1", *, at: datetime = NOON
) -> NotificationTask | None:
    """Claim the next notifications as a worker."""
    return await ledger.perform(
        partial(claim_next_notifications, command=Command(actor=WORKER, at=at), worker=worker)
    )


async def require_claimed(
    ledger: Ledger, worker: str = "berlin-1", *, at: datetime = NOON
) -> NotificationTask:
    """Claim the next notifications, of which there must be some."""
    task = await claim(ledger, worker, at=at)
    assert task is not None
    return task


async def finish(
    ledger: Ledger, channel: NotificationChannel, *, sent: bool = True, at: datetime = NOON
) -> NotificationChannel:
    """Report the result of an attempt as a worker."""
    return await ledger.perform(
        partial(
            finish_notifications,
            channel=channel.id,
            command=Command(actor=WORKER, at=at),
            fencing_token=channel.claims,
            attempt=an_attempt(sent=sent, at=at),
        )
    )


async def queued(ledger: AnyLedger, channel: NotificationChannel) -> list[tuple[str, str]]:
    """Return the reasons and states of the notifications of a channel, oldest first."""
    page = await ledger.reads.notifications(channel.id, None, ALL)
    return [(item.reason.value, item.state.value) for item in page.items][::-1]
