"""Reads of webhooks and their deliveries through repositories."""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select

from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import Webhook
from gatepost_persistence.mapping.webhooks import delivery_from_row, webhook_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import (
    WebhookDeliveryRepository,
    WebhookRepository,
)
from gatepost_persistence.tables.webhooks import WebhookDeliveryRow, WebhookRow


class SqlWebhookReads(RepositoryReads):
    """Reads of webhooks and their deliveries in SQL."""

    async def webhook(self, webhook: UUID) -> Webhook:
        """Return the webhook with this id, unless it has been removed.

        Raises:
            NotFound: there is no such webhook, or it has been removed.
        """
        async with self._sessions() as session:
            row = await WebhookRepository(session).get_one_or_none(id=str(webhook), removed_at=None)
        return webhook_from_row(require_row(row, "webhook", str(webhook)))

    async def webhooks(self, page_request: PageRequest) -> Page[Webhook]:
        """Return a page of webhooks, newest first."""
        after_condition = (
            () if page_request.after is None else (_webhooks_added_before(page_request.after),)
        )
        async with self._sessions() as session:
            rows = await WebhookRepository(session).get_many(
                WebhookRow.removed_at.is_(None),
                *after_condition,
                OrderBy("number", "desc"),
                limit_plus_one(page_request),
            )
        return build_page(rows, page_request, webhook_from_row, key=lambda item: str(item.id))

    async def deliveries(
        self, webhook: UUID, state: DeliveryState | None, page_request: PageRequest
    ) -> Page[Delivery]:
        """Return a page of a webhook's deliveries, newest event first."""
        conditions: list[ColumnElement[bool]] = [WebhookDeliveryRow.webhook == str(webhook)]
        if state is not None:
            conditions.append(WebhookDeliveryRow.state == str.__str__(state))
        if page_request.after is not None:
            conditions.append(WebhookDeliveryRow.seq < int(page_request.after))
        async with self._sessions() as session:
            rows = await WebhookDeliveryRepository(session).get_many(
                *conditions, OrderBy("seq", "desc"), limit_plus_one(page_request)
            )
        return build_page(rows, page_request, delivery_from_row, key=lambda item: str(item.seq))


def _webhooks_added_before(webhook: str) -> ColumnElement[bool]:
    number = select(WebhookRow.number).where(WebhookRow.id == webhook)
    return WebhookRow.number < number.scalar_subquery()
