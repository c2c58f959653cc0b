"""Every ledger stores notification channels in the same way, without their URLs in events."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest

from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.notifications.configuration import change_channel, remove_channel
from gatepost_domain.errors import StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.notifications.channel import (
    MAX_CHANNELS,
    DigestPeriod,
    NotificationChannel,
    QuietHours,
    Recipient,
    RecipientKind,
)
from gatepost_domain.notifications.errors import (
    NotificationChannelDisabled,
    TooManyNotificationChannels,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON, an_actor, create_catalog
from tests.support.domain.actions import all_events
from tests.support.domain.notifications import (
    ADMIN,
    QA,
    URL,
    a_person,
    add,
    add_in,
    add_people,
    change,
    remove,
    seal,
    send_a_test,
)
from tests.support.storage.ledgers import AnyLedger

HOUR = timedelta(hours=1)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with a person in the group qa."""
    await create_catalog(ledger)
    await add_people(ledger, a_person("bo", "qa"))
    return ledger


async def test_settings_are_stored_and_recorded(ledger: AnyLedger) -> None:
    """The events have everything but the URL."""
    quiet = QuietHours(start=time(22), end=time(6, 30))
    channel = await add(
        ledger, QA, timezone="Europe/Berlin", quiet_hours=quiet, digest=DigestPeriod.DAILY
    )
    changed = await change(
        ledger, channel.id, url="pagerduty://key@token", quiet_hours=None, remind_after=2 * HOUR
    )
    await send_a_test(ledger, channel.id)
    stored = await ledger.reads.notification_channel(channel.id)
    await remove(ledger, channel.id)
    events = (await all_events(ledger.reads))[-4:]

    assert [event.kind for event in events] == [
        EventKind.NOTIFICATION_CHANNEL_ADDED,
        EventKind.NOTIFICATION_CHANNEL_CHANGED,
        EventKind.NOTIFICATION_CHANNEL_TESTED,
        EventKind.NOTIFICATION_CHANNEL_REMOVED,
    ]
    assert stored == changed
    assert (stored.revision, stored.address.product) == (2, "PagerDuty")
    assert events[0].data["quiet_hours"] == ["22:00", "06:30"]
    assert (events[0].data["group"], events[0].data["scheme"]) == ("qa", "slack")
    assert events[1].data["url_changed"] is True
    assert events[1].data["remind_after_s"] == 7200
    for secret in (URL, seal(URL), "key@token", "TIiajkdnlazkcOXrIdevi7FQ"):
        assert secret not in str(events)


async def test_change_without_effect_is_not_recorded(ledger: AnyLedger) -> None:
    """The revision stays the same too."""
    channel = await add(ledger, QA)
    before = await ledger.perform(lambda uow: uow.event_log.last_seq())

    assert await change(ledger, channel.id, enabled=True) == channel
    assert await ledger.perform(lambda uow: uow.event_log.last_seq()) == before


async def test_stale_change_is_refused(ledger: AnyLedger) -> None:
    """Somebody else changed the channel first."""
    channel = await add(ledger, QA)
    await change(ledger, channel.id, digest=DigestPeriod.HOURLY)

    with pytest.raises(StaleRevision):
        await ledger.perform(
            partial(
                change_channel,
                channel=channel.id,
                change=lambda settings: settings,
                command=Command(actor=ADMIN, at=NOON),
                seal=seal,
                enabled=False,
                expected_revision=channel.revision,
            )
        )


@pytest.mark.parametrize(
    ("recipient", "settings", "codes"),
    [
        (Recipient(kind=RecipientKind.USER, name="zed"), {}, ["unknown_user"]),
        (Recipient(kind=RecipientKind.GROUP, name="night"), {}, ["unknown_group"]),
        (Recipient(kind=RecipientKind.TEAM, name="crew"), {}, ["unknown_team"]),
        (QA, {"url": "ftp://x/y", "timezone": "Mars"}, ["unsupported_channel", "unknown_timezone"]),
        (
            QA,
            {
                "quiet_hours": QuietHours(start=time(9), end=time(9)),
                "remind_after": HOUR,
                "overdue_after": HOUR,
            },
            ["empty_quiet_hours", "overdue_before_reminder"],
        ),
    ],
)
async def test_invalid_channels_are_refused_with_all_faults(
    ledger: AnyLedger, recipient: Recipient, settings: dict[str, Any], codes: list[str]
) -> None:
    """Each fault names its field."""
    with pytest.raises(ValidationFailed) as refused:
        await add(ledger, recipient, **settings)

    assert [error.code for error in refused.value.errors] == codes


async def test_invalid_changes_are_refused(ledger: AnyLedger) -> None:
    """By the same rules."""
    channel = await add(ledger, QA)

    with pytest.raises(ValidationFailed) as refused:
        await change(ledger, channel.id, url="x", timezone="Mars")
    assert [error.code for error in refused.value.errors] == ["bad_channel_url", "unknown_timezone"]


async def test_user_can_be_named_in_any_spelling(ledger: AnyLedger) -> None:
    """The channel shows the name of the user."""
    channel = await add(ledger, Recipient(kind=RecipientKind.USER, name="BO"))

    assert channel.recipient.name == "bo"


async def test_nothing_is_sent_to_a_disabled_channel_by_hand(ledger: AnyLedger) -> None:
    """The admin is told to enable it first."""
    channel = await add(ledger, QA)
    await change(ledger, channel.id, enabled=False)

    with pytest.raises(NotificationChannelDisabled):
        await send_a_test(ledger, channel.id)


async def test_number_of_channels_is_limited(ledger: AnyLedger) -> None:
    """A removed one makes room."""

    def add_channels(uow: UnitOfWork) -> list[NotificationChannel]:
        return [add_in(uow) for _ in range(MAX_CHANNELS)]

    channels = await ledger.perform(add_channels)
    with pytest.raises(TooManyNotificationChannels):
        await add(ledger, QA)
    await remove(ledger, channels[0].id)

    assert (await add(ledger, QA)).is_enabled


async def test_only_admins_of_everything_manage_channels(ledger: AnyLedger) -> None:
    """A channel can tell of every service."""
    channel = await add(ledger, QA)
    limited = an_actor("eve", grants=[Grant(role=Role.ADMIN, service="shop")])

    with pytest.raises(Forbidden):
        await ledger.perform(
            partial(remove_channel, channel=channel.id, command=Command(actor=limited, at=NOON))
        )
    assert (await all_events(ledger.reads))[-1].kind == "access_denied"
