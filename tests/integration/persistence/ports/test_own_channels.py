"""Every ledger lets people manage their own notification channels, and no others."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from datetime import time

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.notifications.channel import (
    MAX_OWN_CHANNELS,
    DigestPeriod,
    QuietHours,
    person_recipient,
)
from gatepost_domain.notifications.errors import TooManyOwnChannels
from tests.support.builders import a_user, an_actor, create_catalog
from tests.support.domain.actions import all_events
from tests.support.domain.notifications import (
    ALL,
    QA,
    a_person,
    add,
    add_people,
    change,
    fail_a_test,
    remove,
    send_a_test,
    send_again,
)
from tests.support.storage.ledgers import AnyLedger

BO = an_actor("bo", groups=["qa"], roles=())
EVE = an_actor("eve", groups=(), roles=())
SCOPED = replace(BO, is_scoped=True)


@pytest.fixture
async def ledger(ledger: AnyLedger) -> AnyLedger:
    """Return a ledger with two people without roles, and a service account."""
    await create_catalog(ledger)
    await add_people(
        ledger,
        a_person("bo", "qa", roles=()),
        a_person("eve", roles=()),
        a_user("ci", kind=UserKind.SERVICE),
    )
    return ledger


async def test_person_manages_a_channel_of_their_own(ledger: AnyLedger) -> None:
    """Adding, changing, testing and removing it needs no role."""
    channel = await add(ledger, None, by=BO)
    quiet = QuietHours(start=time(22), end=time(7))
    changed = await change(
        ledger, channel.id, by=BO, enabled=False, quiet_hours=quiet, digest=DigestPeriod.DAILY
    )
    await change(ledger, channel.id, by=BO, enabled=True)
    await send_a_test(ledger, channel.id, by=BO)
    await remove(ledger, channel.id, by=BO)
    events = (await all_events(ledger.reads))[-5:]

    assert channel.recipient == person_recipient("bo")
    assert (changed.is_enabled, changed.settings.digest) == (False, DigestPeriod.DAILY)
    assert [event.actor for event in events] == ["bo"] * 5
    assert [event.data["user"] for event in events] == ["bo"] * 5


async def test_channels_of_others_are_refused(ledger: AnyLedger) -> None:
    """They are the channels of other people and of groups, even of the person's own groups."""
    for recipient in (person_recipient("eve"), QA):
        channel = await add(ledger, recipient)
        failed, _ = await fail_a_test(ledger, channel.id)
        attempts: list[Awaitable[object]] = [
            add(ledger, recipient, by=BO),
            change(ledger, channel.id, by=BO, enabled=False),
            send_a_test(ledger, channel.id, by=BO),
            send_again(ledger, failed, by=BO),
            remove(ledger, channel.id, by=BO),
        ]
        for attempt in attempts:
            with pytest.raises(Forbidden):
                await attempt
            assert (await all_events(ledger.reads))[-1].kind == "access_denied"


async def test_scoped_token_manages_no_channels(ledger: AnyLedger) -> None:
    """Such a token serves another purpose, for example in a pipeline."""
    channel = await add(ledger, None, by=BO)

    for attempt in (add(ledger, None, by=SCOPED), remove(ledger, channel.id, by=SCOPED)):
        with pytest.raises(Forbidden):
            await attempt


async def test_service_account_has_no_channels(ledger: AnyLedger) -> None:
    """Nobody would read them."""
    with pytest.raises(ValidationFailed) as refused:
        await add(ledger, None, by=an_actor("ci", roles=(), is_service_account=True))

    assert [error.code for error in refused.value.errors] == ["unknown_user"]


async def test_number_of_own_channels_is_limited(ledger: AnyLedger) -> None:
    """The limit applies to each person, ignores removed channels, and does not apply to admins."""
    channels = [await add(ledger, None, by=BO) for _ in range(MAX_OWN_CHANNELS)]
    with pytest.raises(TooManyOwnChannels):
        await add(ledger, None, by=BO)
    await add(ledger, None, by=EVE)
    await remove(ledger, channels[0].id, by=BO)
    await add(ledger, None, by=BO)

    assert (await add(ledger, person_recipient("bo"))).is_enabled


async def test_limited_admin_manages_only_their_own(ledger: AnyLedger) -> None:
    """Other recipients' channels can report on every service."""
    limited = an_actor("bo", grants=[Grant(role=Role.ADMIN, service="shop")])
    await add(ledger, None, by=limited)

    with pytest.raises(Forbidden):
        await add(ledger, QA, by=limited)


async def test_own_channels_are_listed(ledger: AnyLedger) -> None:
    """Other people's channels are not listed."""
    await add(ledger, QA)
    channels = [await add(ledger, None, by=BO) for _ in range(3)]
    await add(ledger, None, by=EVE)
    await remove(ledger, channels[1].id, by=BO)
    page = await ledger.reads.notification_channels(ALL, person_recipient("bo"))

    assert [item.id for item in page.items] == [channels[2].id, channels[0].id]
