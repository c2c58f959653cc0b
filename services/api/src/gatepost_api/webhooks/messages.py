"""Encoding the body of a message in the format of the webhook."""

from __future__ import annotations

from typing import Final

import msgspec

from gatepost_api.deployments.responses import Deployment
from gatepost_api.events.responses import Event
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_api.webhooks import cdevents
from gatepost_domain.actions.webhooks.claims import DeliveryTask
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.event import EventKind
from gatepost_domain.webhooks.webhook import WebhookFormat

_CONTENT_TYPES: Final = {
    WebhookFormat.GATEPOST: "application/json",
    WebhookFormat.CDEVENTS: cdevents.CONTENT_TYPE,
}


class WebhookMessageData(ResponseModel):
    """The event that a message reports, and its deployment."""

    event: Event
    deployment: Deployment | None
    """The deployment that the event is about, as it was when the message was sent. Null if the
    event is about something else."""


class WebhookMessage(ResponseModel):
    """The body of a message in the format `gatepost`, as in Standard Webhooks."""

    type: EventKind
    timestamp: Instant
    """When the event happened."""
    data: WebhookMessageData


def content_type_of(message_format: WebhookFormat) -> str:
    """Return the media type of messages in a format."""
    return _CONTENT_TYPES[message_format]


def encode_message(task: DeliveryTask, policy: PolicyVersion | None, *, source: str) -> str:
    """Return the body of a message; `policy` is the one that applies to the event's deployment."""
    if task.webhook.format is WebhookFormat.CDEVENTS:
        return cdevents.encode_cdevent(task, source=source)
    event, deployment = task.entry.event, task.deployment
    message = WebhookMessage(
        type=event.kind,
        timestamp=event.at,
        data=WebhookMessageData(
            event=Event.from_domain(task.entry),
            deployment=None
            if deployment is None or policy is None
            else Deployment.from_domain(deployment, policy),
        ),
    )
    return msgspec.json.encode(message).decode()
