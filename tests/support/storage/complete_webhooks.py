"""Webhooks in each state, and deliveries, for complete histories."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Protocol

from gatepost_domain.access.command import Command
from gatepost_domain.actions.webhooks.configuration import (
    RequestedFilter,
    WebhookChange,
    rotate_webhook_secret,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.domain.webhooks import (
    ADMIN,
    add,
    change,
    finish,
    queue,
    remove,
    require_claimed,
)


class History(Protocol):
    """A history in which every action happens a minute after the previous one."""

    ledger: Ledger
    now: datetime
    ids: dict[str, str]

    def tick(self) -> datetime:
        """Advance the clock by a minute, and return the time."""
        ...


async def use_webhooks(history: History) -> None:
    """Store webhooks that send, were rotated, disabled by an admin and by 410, and removed."""
    ledger = history.ledger
    requested = RequestedFilter(
        kinds=("succeeded",), services=("shop",), environments=("production",), tiers=(Tier.TEST,)
    )
    limited = await add(ledger, requested=requested, at=history.tick())
    await ledger.perform(
        partial(
            rotate_webhook_secret,
            webhook=limited.id,
            command=Command(actor=ADMIN, at=history.tick()),
        )
    )
    await change(ledger, limited.id, WebhookChange(enabled=False), at=history.tick())
    removed = await add(ledger, at=history.tick())
    await remove(ledger, removed.id, at=history.tick())
    gone = await add(ledger, at=history.tick())
    other = await add(ledger, at=history.tick())
    await queue(ledger, at=history.tick())
    task = await require_claimed(ledger, at=history.tick())
    await finish(ledger, task.delivery, 410, at=history.tick())
    history.ids |= {
        "limited_webhook": str(limited.id),
        "removed_webhook": str(removed.id),
        "gone_webhook": str(gone.id),
        "other_webhook": str(other.id),
    }
