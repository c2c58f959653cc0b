"""Work that becomes due as time passes, such as expiry and missed deadlines.

Deployments that wait for a gate to open start automatically through `auto_start`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.check_runs.claims import end_overdue_check_runs
from gatepost_domain.actions.deployments.claims import fail_past_deadline
from gatepost_domain.actions.notifications.outbox import (
    has_notifications_to_queue,
    queue_notifications,
)
from gatepost_domain.actions.outgoing_message_retention import (
    DEFAULT_KEEP_MESSAGES,
    has_expired_messages,
    remove_expired_messages,
)
from gatepost_domain.actions.webhooks.outbox import has_events_to_queue, queue_deliveries
from gatepost_domain.lifecycle import cancellation_and_expiry, overrides_and_break_glass
from gatepost_domain.ports.unit_of_work import UnitOfWork


def perform_due_work(
    uow: UnitOfWork,
    *,
    at: datetime,
    new_id: Callable[[], UUID],
    keep_messages: timedelta = DEFAULT_KEEP_MESSAGES,
) -> None:
    """Do a limited amount of the work due at this instant, earliest first."""
    system_command = Command(actor=SYSTEM, at=at)
    for deployment in uow.deployments.list_due_to_expire(at):
        uow.deployments.save(*cancellation_and_expiry.expire(deployment, system_command))
    for deployment in uow.deployments.list_newly_overdue_after_reviews(at):
        uow.deployments.save(
            *overrides_and_break_glass.mark_after_review_overdue(deployment, system_command)
        )
    fail_past_deadline(uow, system_command, new_id=new_id)
    end_overdue_check_runs(uow, system_command)
    uow.ingest.remove_expired_payloads(at)
    remove_expired_messages(uow, at=at, keep=keep_messages)
    queue_deliveries(uow, at=at, new_id=new_id)
    queue_notifications(uow, at=at, new_id=new_id)


def has_due_work(
    uow: UnitOfWork,
    *,
    at: datetime,
    keep_messages: timedelta = DEFAULT_KEEP_MESSAGES,
) -> bool:
    """Return whether `perform_due_work` would change anything; nothing is written."""
    return bool(
        uow.deployments.list_due_to_expire(at)
        or uow.deployments.list_newly_overdue_after_reviews(at)
        or uow.claims.list_past_deadline(at)
        or uow.check_runs.list_past_deadline(at)
        or uow.ingest.has_expired_payloads(at)
        or has_expired_messages(uow, at=at, keep=keep_messages)
        or has_events_to_queue(uow)
        or has_notifications_to_queue(uow)
    )
