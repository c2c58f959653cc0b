"""Responses for tasks to send a message to a notification channel."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.actions.notifications import claims as domain
from gatepost_domain.notifications.message import Message
from gatepost_domain.notifications.notification import SEND_TIMEOUT


class NotificationTask(ResponseModel, tag="notification", tag_field="kind"):
    """A claimed notification channel, with a message to send once."""

    id: UUID
    """The channel's id."""
    fencing_token: int
    """The fencing token to send with the result. A result with a superseded token is refused."""
    leased_until: Instant
    """When the lease expires and another worker can send the message."""
    url: str
    """The channel's Apprise URL. It contains passwords and keys."""
    title: str
    """The title or subject of the message."""
    body: str
    """The message in plain text."""
    timeout_s: int
    """How long sending may take, in seconds."""
    outgoing_allow: list[str]
    """The hosts and networks that the setting `GATEPOST_OUTGOING_ALLOW` permits."""

    @classmethod
    def from_domain_task(
        cls,
        task: domain.NotificationTask,
        message: Message,
        url: str,
        outgoing_allow: tuple[str, ...],
    ) -> Self:
        """Map a domain task, with its message, to its response."""
        return cls(
            id=task.channel.id,
            fencing_token=task.channel.claims,
            leased_until=task.channel.next_send_at,
            url=url,
            title=message.title,
            body=message.body,
            timeout_s=int(SEND_TIMEOUT.total_seconds()),
            outgoing_allow=list(outgoing_allow),
        )
