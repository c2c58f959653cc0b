"""Removing webhook deliveries and notifications some time after they have ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gatepost_domain.ports.unit_of_work import UnitOfWork

DEFAULT_KEEP_MESSAGES: Final = timedelta(days=90)
"""How long deliveries and notifications are kept after they were sent, failed or were dropped."""


def has_expired_messages(uow: UnitOfWork, *, at: datetime, keep: timedelta) -> bool:
    """Return whether any deliveries or notifications are due for removal."""
    ended_before = at - keep
    return uow.webhooks.has_deliveries_ended_before(
        ended_before
    ) or uow.notifications.has_notifications_ended_before(ended_before)


def remove_expired_messages(uow: UnitOfWork, *, at: datetime, keep: timedelta) -> None:
    """Remove some of the deliveries and notifications that are due for removal.

    No event records the removal: these messages are not part of the history, which contains the
    events that they were about.
    """
    uow.webhooks.remove_deliveries_ended_before(at - keep)
    uow.notifications.remove_notifications_ended_before(at - keep)
