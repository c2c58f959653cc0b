"""Webhooks and their deliveries in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.ports.message_backlog import MessageBacklog
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState, cancel
from gatepost_domain.webhooks.webhook import Webhook
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryWebhooks:
    """Webhooks in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, webhook: UUID) -> Webhook:
        """Return a webhook that was not removed.

        Raises:
            NotFound: there is none with this id.
        """
        stored = self._state.webhooks.get(webhook)
        if stored is None or stored.removed_at is not None:
            raise NotFound("webhook", str(webhook))
        return stored

    def count(self) -> int:
        """Return the number of webhooks."""
        return sum(stored.removed_at is None for stored in self._state.webhooks.values())

    def list_behind(self, last_seq: int) -> tuple[Webhook, ...]:
        """Return the enabled webhooks whose position is before `last_seq`."""
        return tuple(webhook for webhook in self._enabled() if webhook.position < last_seq)

    def find_ready(self, at: datetime) -> Webhook | None:
        """Return the enabled webhook with the delivery that has been due longest, or None.

        Webhooks with a request in progress, and those whose receiver requested a pause, are left
        out.
        """
        due = [
            (first.due_at, index, webhook)
            for index, webhook in enumerate(self._enabled())
            if webhook.next_request_at <= at
            and (first := self._first_pending(webhook.id)) is not None
            and first.due_at <= at
        ]
        return min(due)[2] if due else None

    def add(self, webhook: Webhook, event: Event) -> None:
        """Store a new webhook."""
        self.save(webhook, event)

    def save(self, webhook: Webhook, event: Event) -> None:
        """Store a webhook after it was changed, disabled or removed."""
        self._state.webhooks[webhook.id] = webhook
        self._state.append(event)

    def save_progress(self, webhook: Webhook) -> None:
        """Store a webhook's position, its failures, and when its next request may be sent."""
        self._state.webhooks[webhook.id] = replace(
            self._state.webhooks[webhook.id],
            position=webhook.position,
            failing_since=webhook.failing_since,
            next_request_at=webhook.next_request_at,
        )

    def get_delivery(self, delivery: UUID) -> Delivery:
        """Return a delivery.

        Raises:
            NotFound: there is none with this id.
        """
        if delivery not in self._state.deliveries:
            raise NotFound("delivery", str(delivery))
        return self._state.deliveries[delivery]

    def next_delivery(self, webhook: UUID) -> Delivery:
        """Return the webhook's delivery that has been due longest; there must be one."""
        first = self._first_pending(webhook)
        assert first is not None
        return first

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries."""
        for delivery in deliveries:
            self.save_delivery(delivery)

    def save_delivery(self, delivery: Delivery) -> None:
        """Store a delivery after it was claimed, attempted or queued again."""
        self._state.deliveries[delivery.id] = delivery

    def cancel_deliveries(self, webhook: UUID, at: datetime) -> None:
        """Cancel what is pending for a webhook."""
        for delivery in list(self._state.deliveries.values()):
            if delivery.webhook_id == webhook and delivery.state is DeliveryState.PENDING:
                self.save_delivery(cancel(delivery, at=at))

    def has_deliveries_ended_before(self, at: datetime) -> bool:
        """Return whether any deliveries ended before an instant."""
        return bool(self._ended_before(at))

    def remove_deliveries_ended_before(self, at: datetime) -> None:
        """Remove the deliveries that ended before an instant."""
        for delivery in self._ended_before(at):
            del self._state.deliveries[delivery]

    def _ended_before(self, at: datetime) -> list[UUID]:
        stored = self._state.deliveries.values()
        return [item.id for item in stored if item.ended_at is not None and item.ended_at < at]

    def _enabled(self) -> tuple[Webhook, ...]:
        return tuple(webhook for webhook in self._state.webhooks.values() if webhook.is_enabled)

    def _first_pending(self, webhook: UUID) -> Delivery | None:
        pending = (
            delivery
            for delivery in self._state.deliveries.values()
            if delivery.webhook_id == webhook and delivery.state is DeliveryState.PENDING
        )
        return min(pending, key=lambda delivery: (delivery.due_at, delivery.seq), default=None)


class MemoryWebhookReads:
    """Reads of webhooks in memory."""

    _state: MemoryState

    async def webhook(self, webhook: UUID) -> Webhook:
        """Return a webhook that was not removed.

        Raises:
            NotFound: there is none with this id.
        """
        return MemoryWebhooks(self._state).get(webhook)

    async def webhooks(self, page_request: PageRequest) -> Page[Webhook]:
        """Return the webhooks, newest first; the page key is the id."""
        present = [
            webhook for webhook in self._state.webhooks.values() if webhook.removed_at is None
        ][::-1]
        ids = [str(webhook.id) for webhook in present]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            present[begin:],
            PageRequest(limit=page_request.limit),
            key=lambda webhook: str(webhook.id),
        )

    async def deliveries(
        self, webhook: UUID, state: DeliveryState | None, page_request: PageRequest
    ) -> Page[Delivery]:
        """Return a webhook's deliveries, the latest event first; the page key is `seq`."""
        matching = [
            delivery
            for delivery in self._state.deliveries.values()
            if delivery.webhook_id == webhook
            and state in {None, delivery.state}
            and (page_request.after is None or delivery.seq < int(page_request.after))
        ]
        matching.sort(key=lambda delivery: -delivery.seq)
        return build_page(
            matching,
            PageRequest(limit=page_request.limit),
            key=lambda delivery: str(delivery.seq),
        )


def delivery_backlog(state: MemoryState) -> MessageBacklog:
    """Return the backlog of pending and failed deliveries."""
    present = {webhook.id for webhook in state.webhooks.values() if webhook.removed_at is None}
    enabled = [webhook for webhook in state.webhooks.values() if webhook.is_enabled]
    deliveries = [
        delivery for delivery in state.deliveries.values() if delivery.webhook_id in present
    ]
    pending_of_enabled = [
        delivery.due_at
        for delivery in deliveries
        if delivery.state is DeliveryState.PENDING
        and delivery.webhook_id in {webhook.id for webhook in enabled}
    ]
    return MessageBacklog(
        pending=sum(delivery.state is DeliveryState.PENDING for delivery in deliveries),
        failed=sum(delivery.state is DeliveryState.FAILED for delivery in deliveries),
        oldest_due_at=min(pending_of_enabled, default=None),
        lowest_position=min((webhook.position for webhook in enabled), default=None),
    )
