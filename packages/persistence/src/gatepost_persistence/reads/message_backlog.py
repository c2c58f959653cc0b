"""Reads of the backlogs of unsent messages to webhooks and through notification channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, text

from gatepost_domain.ports.message_backlog import MessageBacklog
from gatepost_domain.ports.monitoring import MAX_OPEN
from gatepost_persistence.mapping.values import parse_optional_instant
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables import notifications, webhooks
from gatepost_persistence.tables.notifications import NotificationChannelRow, NotificationRow
from gatepost_persistence.tables.webhooks import WebhookDeliveryRow, WebhookRow

PENDING: Final = "pending"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BacklogStatements:
    """The statements that read the backlog of webhooks or of notification channels."""

    count: PreparedStatement
    """The number of messages in a state."""
    oldest_due: PreparedStatement
    """When the earliest pending message is due: one index lookup per receiver."""
    lowest_position: PreparedStatement

    def read(self, connection: Connection) -> MessageBacklog:
        """Return how many messages are pending or failed, and when the earliest one is due."""
        oldest_due_at: str | None = self.oldest_due.scalar(connection)
        return MessageBacklog(
            pending=self.count.scalar(connection, {"in_state": PENDING}),
            failed=self.count.scalar(connection, {"in_state": FAILED}),
            oldest_due_at=parse_optional_instant(oldest_due_at),
            lowest_position=self.lowest_position.scalar(connection),
        )


def _statements(
    receivers: Table,
    messages: Table,
    receiver_of: ColumnElement[str],
    *,
    enabled: str,
    pending: str,
) -> BacklogStatements:
    present = select(receivers.c.id).where(receivers.c.removed_at.is_(None)).scalar_subquery()
    first_due_at = (
        select(func.min(messages.c.due_at))
        .where(receiver_of == receivers.c.id)
        .where(text(pending))
        .correlate(receivers)
        .scalar_subquery()
    )
    return BacklogStatements(
        count=PreparedStatement(
            select(func.count()).select_from(
                select(messages.c.seq)
                .where(receiver_of.in_(present))
                .where(messages.c.state == bindparam("in_state"))
                .limit(MAX_OPEN)
                .subquery()
            )
        ),
        oldest_due=PreparedStatement(
            select(func.min(first_due_at)).select_from(receivers).where(text(enabled))
        ),
        lowest_position=PreparedStatement(
            select(func.min(receivers.c.position)).select_from(receivers).where(text(enabled))
        ),
    )


DELIVERY_BACKLOG: Final = _statements(
    WebhookRow.table(),
    WebhookDeliveryRow.table(),
    WebhookDeliveryRow.table().c.webhook,
    enabled=webhooks.ENABLED_CONDITION,
    pending=webhooks.PENDING_CONDITION,
)
NOTIFICATION_BACKLOG: Final = _statements(
    NotificationChannelRow.table(),
    NotificationRow.table(),
    NotificationRow.table().c.channel,
    enabled=notifications.ENABLED_CONDITION,
    pending=notifications.PENDING_CONDITION,
)


def read_delivery_backlog(connection: Connection) -> MessageBacklog:
    """Return the backlog of unsent deliveries to webhooks."""
    return DELIVERY_BACKLOG.read(connection)


def read_notification_backlog(connection: Connection) -> MessageBacklog:
    """Return the backlog of unsent notifications."""
    return NOTIFICATION_BACKLOG.read(connection)
