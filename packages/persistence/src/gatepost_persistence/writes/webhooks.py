"""Repository of webhooks and their deliveries, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import Webhook
from gatepost_persistence.mapping.recorded_tables import WEBHOOKS
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.mapping.webhooks import (
    delivery_from_row,
    delivery_progress_values,
    delivery_to_row,
    webhook_from_row,
    webhook_progress_values,
    webhook_settings_values,
    webhook_to_row,
)
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.webhooks import (
    ENABLED_CONDITION,
    ENDED_CONDITION,
    PENDING_CONDITION,
    WebhookDeliveryRow,
    WebhookRow,
)
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import WebhookRepository

_webhooks = WebhookRow.table()
_deliveries = WebhookDeliveryRow.table()

REMOVED_AT_ONCE: Final = 100
"""The maximum number of deliveries removed in one transaction."""

WEBHOOK_BY_ID = PreparedStatement(
    select(_webhooks)
    .where(_webhooks.c.id == bindparam("lookup_key"))
    .where(_webhooks.c.removed_at.is_(None))
)
COUNT_OF_WEBHOOKS = PreparedStatement(
    select(func.count()).select_from(_webhooks).where(_webhooks.c.removed_at.is_(None))
)
WEBHOOKS_BEHIND = PreparedStatement(
    select(_webhooks)
    .where(text(ENABLED_CONDITION))
    .where(_webhooks.c.position < bindparam("last_seq"))
    .order_by(_webhooks.c.number)
)
_first_due_at = (
    select(func.min(_deliveries.c.due_at))
    .where(_deliveries.c.webhook == _webhooks.c.id)
    .where(text(PENDING_CONDITION))
    .correlate(_webhooks)
    .scalar_subquery()
)
READY_WEBHOOK = PreparedStatement(
    select(_webhooks)
    .where(text(ENABLED_CONDITION))
    .where(_webhooks.c.next_request_at <= bindparam("at"))
    .where(_first_due_at <= bindparam("at"))
    .order_by(_first_due_at, _webhooks.c.number)
    .limit(1)
)
"""Makes one lookup in the index `pending_deliveries` for each of the few webhooks."""
NEXT_DELIVERY = PreparedStatement(
    select(_deliveries)
    .where(_deliveries.c.webhook == bindparam("of_webhook"))
    .where(text(PENDING_CONDITION))
    .order_by(_deliveries.c.due_at, _deliveries.c.seq)
    .limit(1)
)
DELIVERY_BY_ID = PreparedStatement(
    select(_deliveries).where(_deliveries.c.id == bindparam("lookup_key"))
)
INSERT_DELIVERY = PreparedStatement(insert(_deliveries))
UPDATE_DELIVERY = PreparedStatement(
    update(_deliveries).where(_deliveries.c.id == bindparam("lookup_key"))
)
CANCEL_DELIVERIES = PreparedStatement(
    update(_deliveries)
    .where(_deliveries.c.webhook == bindparam("of_webhook"))
    .where(text(PENDING_CONDITION))
)
_ENDED = (
    select(_deliveries.c.id)
    .where(text(ENDED_CONDITION))
    .where(_deliveries.c.ended_at < bindparam("at"))
    .order_by(_deliveries.c.ended_at)
)
FIRST_ENDED_DELIVERY = PreparedStatement(_ENDED.limit(1))
REMOVE_ENDED_DELIVERIES = PreparedStatement(
    delete(_deliveries).where(_deliveries.c.id.in_(_ENDED.limit(REMOVED_AT_ONCE)))
)
UPDATE_PROGRESS = PreparedStatement(
    update(_webhooks).where(_webhooks.c.id == bindparam("lookup_key"))
)


class SqlWebhooks:
    """The SQL repository for webhooks and their deliveries."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._events = events

    def get(self, webhook: UUID) -> Webhook:
        """Return the webhook with this id, unless it has been removed.

        Raises:
            NotFound: there is no such webhook, or it has been removed.
        """
        row = WEBHOOK_BY_ID.one_or_none(self._connection, {"lookup_key": str(webhook)})
        if row is None:
            raise NotFound("webhook", str(webhook))
        return webhook_from_row(row)

    def count(self) -> int:
        """Return the number of webhooks that have not been removed."""
        count: int = COUNT_OF_WEBHOOKS.scalar(self._connection)
        return count

    def list_behind(self, last_seq: int) -> tuple[Webhook, ...]:
        """Return the enabled webhooks whose position is before `last_seq`."""
        rows = WEBHOOKS_BEHIND.all(self._connection, {"last_seq": last_seq})
        return tuple(map(webhook_from_row, rows))

    def find_ready(self, at: datetime) -> Webhook | None:
        """Return the enabled webhook with the delivery that has been due longest, or None."""
        row = READY_WEBHOOK.one_or_none(self._connection, {"at": to_rfc3339(at)})
        return None if row is None else webhook_from_row(row)

    def add(self, webhook: Webhook, event: Event) -> None:
        """Store a new webhook; `event` records it."""
        values = webhook_to_row(webhook)
        self._session.add(WebhookRepository, WebhookRow(**values))
        self._events.append(event, WEBHOOKS.item_for_new_row(values))

    def save(self, webhook: Webhook, event: Event) -> None:
        """Store a webhook that was changed, disabled or removed."""
        values: RowValues = {
            "id": str(webhook.id),
            **webhook_settings_values(webhook),
            **webhook_progress_values(webhook),
        }
        state = WEBHOOKS.items_before_update(self._connection, values)
        self._session.update(WebhookRepository, WebhookRow(**values))
        self._events.append(event, *state)

    def save_progress(self, webhook: Webhook) -> None:
        """Store a webhook's position, its failures, and when its next request may be sent."""
        UPDATE_PROGRESS.run(
            self._connection, {"lookup_key": str(webhook.id), **webhook_progress_values(webhook)}
        )

    def get_delivery(self, delivery: UUID) -> Delivery:
        """Return the delivery with this id.

        Raises:
            NotFound: there is no such delivery.
        """
        row = DELIVERY_BY_ID.one_or_none(self._connection, {"lookup_key": str(delivery)})
        if row is None:
            raise NotFound("delivery", str(delivery))
        return delivery_from_row(row)

    def next_delivery(self, webhook: UUID) -> Delivery:
        """Return the webhook's pending delivery that has been due longest."""
        row = NEXT_DELIVERY.one(self._connection, {"of_webhook": str(webhook)})
        return delivery_from_row(row)

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries."""
        INSERT_DELIVERY.run_many(self._connection, list(map(delivery_to_row, deliveries)))

    def save_delivery(self, delivery: Delivery) -> None:
        """Store a delivery that was claimed, attempted or scheduled to be sent again."""
        UPDATE_DELIVERY.run(
            self._connection,
            {"lookup_key": str(delivery.id), **delivery_progress_values(delivery)},
        )

    def cancel_deliveries(self, webhook: UUID, at: datetime) -> None:
        """Cancel the pending deliveries of a webhook."""
        CANCEL_DELIVERIES.run(
            self._connection,
            {
                "of_webhook": str(webhook),
                "state": str.__str__(DeliveryState.CANCELLED),
                "ended_at": to_rfc3339(at),
            },
        )

    def has_deliveries_ended_before(self, at: datetime) -> bool:
        """Return whether any deliveries ended before an instant."""
        key = {"at": to_rfc3339(at)}
        return FIRST_ENDED_DELIVERY.one_or_none(self._connection, key) is not None

    def remove_deliveries_ended_before(self, at: datetime) -> None:
        """Remove deliveries that ended before an instant, up to `REMOVED_AT_ONCE`."""
        if self.has_deliveries_ended_before(at):
            REMOVE_ENDED_DELIVERIES.run(self._connection, {"at": to_rfc3339(at)})
