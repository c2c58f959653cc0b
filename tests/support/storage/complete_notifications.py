"""Notification channels in each state, and notifications, for complete histories."""

from __future__ import annotations

from datetime import datetime, time
from typing import Protocol

from gatepost_domain.notifications.channel import DigestPeriod, QuietHours, Recipient, RecipientKind
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.domain.notifications import (
    add,
    change,
    finish,
    remove,
    require_claimed,
    send_a_test,
)


class History(Protocol):
    """A history in which every action happens a minute after the previous one."""

    ledger: Ledger
    now: datetime
    ids: dict[str, str]

    def tick(self) -> datetime:
        """Advance the clock by a minute, and return the time."""
        ...


async def use_notifications(history: History) -> None:
    """Store channels of a person and a team: one that sends, one disabled and one removed."""
    ledger = history.ledger
    quinn = Recipient(kind=RecipientKind.USER, name="quinn")
    quiet = QuietHours(start=time(22), end=time(7))
    channel = await add(
        ledger, quinn, quiet_hours=quiet, timezone="Europe/Berlin", at=history.tick()
    )
    await send_a_test(ledger, channel.id, at=history.tick())
    task = await require_claimed(ledger, at=history.tick())
    await finish(ledger, task.channel, at=history.tick())
    team = Recipient(kind=RecipientKind.TEAM, name="team")
    disabled = await add(ledger, team, digest=DigestPeriod.DAILY, at=history.tick())
    await change(ledger, disabled.id, enabled=False, at=history.tick())
    removed = await add(ledger, team, at=history.tick())
    await remove(ledger, removed.id, at=history.tick())
    history.ids |= {
        "channel": str(channel.id),
        "disabled_channel": str(disabled.id),
        "removed_channel": str(removed.id),
    }
