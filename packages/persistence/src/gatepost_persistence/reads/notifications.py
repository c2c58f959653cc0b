"""Reads of notification channels and notifications through repositories."""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.filters import OrderBy
from sqlalchemy import ColumnElement, select

from gatepost_domain.notifications.channel import NotificationChannel, Recipient
from gatepost_domain.notifications.notification import Notification, NotificationState
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_persistence.mapping.notifications import channel_from_row, notification_from_row
from gatepost_persistence.reads.paging import build_page
from gatepost_persistence.reads.repository_base import (
    RepositoryReads,
    limit_plus_one,
    require_row,
)
from gatepost_persistence.reads.table_repositories import (
    NotificationChannelRepository,
    NotificationRepository,
)
from gatepost_persistence.tables.notifications import NotificationChannelRow, NotificationRow


class SqlNotificationReads(RepositoryReads):
    """Reads of notification channels and notifications in SQL."""

    async def notification_channel(self, channel: UUID) -> NotificationChannel:
        """Return the channel with this id, unless it has been removed.

        Raises:
            NotFound: there is no such channel, or it has been removed.
        """
        async with self._sessions() as session:
            row = await NotificationChannelRepository(session).get_one_or_none(
                id=str(channel), removed_at=None
            )
        return channel_from_row(require_row(row, "notification_channel", str(channel)))

    async def notification_channels(
        self, page_request: PageRequest, recipient: Recipient | None = None
    ) -> Page[NotificationChannel]:
        """Return a page of all channels or of one recipient's, newest first."""
        conditions: list[ColumnElement[bool]] = [NotificationChannelRow.removed_at.is_(None)]
        if recipient is not None:
            conditions.append(NotificationChannelRow.recipient_kind == recipient.kind.value)
            conditions.append(NotificationChannelRow.recipient == recipient.name)
        if page_request.after is not None:
            number = select(NotificationChannelRow.number).where(
                NotificationChannelRow.id == page_request.after
            )
            conditions.append(NotificationChannelRow.number < number.scalar_subquery())
        async with self._sessions() as session:
            rows = await NotificationChannelRepository(session).get_many(
                *conditions, OrderBy("number", "desc"), limit_plus_one(page_request)
            )
        return build_page(rows, page_request, channel_from_row, key=lambda item: str(item.id))

    async def notifications(
        self, channel: UUID, state: NotificationState | None, page_request: PageRequest
    ) -> Page[Notification]:
        """Return a page of a channel's notifications, newest first."""
        conditions: list[ColumnElement[bool]] = [NotificationRow.channel == str(channel)]
        if state is not None:
            conditions.append(NotificationRow.state == str.__str__(state))
        if page_request.after is not None:
            number = select(NotificationRow.number).where(NotificationRow.id == page_request.after)
            conditions.append(NotificationRow.number < number.scalar_subquery())
        async with self._sessions() as session:
            rows = await NotificationRepository(session).get_many(
                *conditions, OrderBy("number", "desc"), limit_plus_one(page_request)
            )
        return build_page(rows, page_request, notification_from_row, key=lambda item: str(item.id))
