"""Responses for tasks to send a message to a webhook."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.actions.webhooks import claims as domain
from gatepost_domain.webhooks.delivery import REQUEST_TIMEOUT


class MessageHeader(ResponseModel):
    """One header of the request that sends a message."""

    name: str
    """The name of the header, in lowercase."""
    value: str
    """The value of the header."""


class DeliveryTask(ResponseModel, tag="webhook_delivery", tag_field="kind"):
    """A claimed delivery: a message to send once to a URL."""

    id: UUID
    """The delivery's id."""
    fencing_token: int
    """The fencing token to send with the result. A result with a superseded token is refused."""
    leased_until: Instant
    """When the lease expires and another worker can send the message."""
    url: str
    """The URL to send the message to with POST. Redirects must not be followed."""
    headers: list[MessageHeader]
    """The headers, including the signatures of the message."""
    body: str
    """The body, to be sent unchanged in UTF-8."""
    timeout_s: int
    """How long the whole request may take, in seconds."""
    outgoing_allow: list[str]
    """The hosts and networks that the setting `GATEPOST_OUTGOING_ALLOW` permits."""

    @classmethod
    def from_domain_task(
        cls,
        task: domain.DeliveryTask,
        body: str,
        headers: dict[str, str],
        outgoing_allow: tuple[str, ...],
    ) -> Self:
        """Map a domain task, with its signed message, to its response."""
        return cls(
            id=task.delivery.id,
            fencing_token=task.delivery.claims,
            leased_until=task.webhook.next_request_at,
            url=task.webhook.url,
            headers=[MessageHeader(name=name, value=value) for name, value in headers.items()],
            body=body,
            timeout_s=int(REQUEST_TIMEOUT.total_seconds()),
            outgoing_allow=list(outgoing_allow),
        )
