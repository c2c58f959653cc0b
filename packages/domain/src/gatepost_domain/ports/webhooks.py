"""The repository of webhooks and their deliveries, and the reads of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import Webhook


class WebhookRepository(Protocol):
    """Webhooks that were not removed, and their deliveries.

    Deliveries and the progress of sending them are not recorded as events, because each such event
    would have to be delivered as well.
    """

    def get(self, webhook: UUID) -> Webhook:
        """Return a webhook; raises `NotFound` if there is none with this id."""
        ...

    def count(self) -> int:
        """Return the number of webhooks that have not been removed, including disabled ones."""
        ...

    def list_behind(self, last_seq: int) -> tuple[Webhook, ...]:
        """Return the enabled webhooks whose position is before `last_seq`."""
        ...

    def find_ready(self, at: datetime) -> Webhook | None:
        """Return the enabled webhook with the delivery that has been due longest, or None.

        Webhooks with a request in progress, and those whose receiver requested a pause, are left
        out.
        """
        ...

    def add(self, webhook: Webhook, event: Event) -> None:
        """Store a new webhook, together with the event that records it."""
        ...

    def save(self, webhook: Webhook, event: Event) -> None:
        """Store a webhook after it was changed, disabled or removed."""
        ...

    def save_progress(self, webhook: Webhook) -> None:
        """Store a webhook's position, its failures, and when its next request may be sent."""
        ...

    def get_delivery(self, delivery: UUID) -> Delivery:
        """Return a delivery; raises `NotFound` if there is none with this id."""
        ...

    def next_delivery(self, webhook: UUID) -> Delivery:
        """Return the webhook's delivery that has been due longest; there must be one."""
        ...

    def add_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries; no event records them."""
        ...

    def save_delivery(self, delivery: Delivery) -> None:
        """Store a delivery after it was claimed, attempted or queued again."""
        ...

    def cancel_deliveries(self, webhook: UUID, at: datetime) -> None:
        """Cancel the pending deliveries of a webhook that was removed."""
        ...

    def has_deliveries_ended_before(self, at: datetime) -> bool:
        """Return whether any deliveries ended before an instant."""
        ...

    def remove_deliveries_ended_before(self, at: datetime) -> None:
        """Remove some of the deliveries that ended before an instant."""
        ...


class WebhookReads(Protocol):
    """Reads of webhooks and deliveries, as of the latest durable write."""

    async def webhook(self, webhook: UUID) -> Webhook:
        """Return a webhook; raises `NotFound` if there is none with this id or it was removed."""
        ...

    async def webhooks(self, page_request: PageRequest) -> Page[Webhook]:
        """Return the webhooks, newest first; the page key is the id."""
        ...

    async def deliveries(
        self, webhook: UUID, state: DeliveryState | None, page_request: PageRequest
    ) -> Page[Delivery]:
        """Return a webhook's deliveries, the latest event first; the page key is `seq`."""
        ...
