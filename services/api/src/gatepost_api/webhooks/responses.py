"""Responses for webhooks and deliveries."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.actions.webhooks.configuration import EVERY_KIND
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import EventKind
from gatepost_domain.webhooks import delivery as deliveries
from gatepost_domain.webhooks import webhook as domain
from gatepost_domain.webhooks.delivery import DeliveryState
from gatepost_domain.webhooks.webhook import (
    PREVIOUS_SECRET_LIFETIME,
    DisabledReason,
    WebhookFormat,
)


class WebhookDisabled(ResponseModel):
    """Why a webhook is disabled."""

    reason: DisabledReason
    """`admin` if an admin disabled it, `gone` if the receiver responded with 410, or `failing` if
    every request failed for five days."""
    at: Instant
    """When the webhook was disabled."""


class Webhook(ResponseModel):
    """A URL to which events are sent. Its secret is never returned again."""

    id: UUID
    """The id of the webhook."""
    url: str
    """The URL of the receiver."""
    format: WebhookFormat
    events: list[str]
    """The kinds of events that are sent; `*` stands for all kinds."""
    service: list[str]
    """Only events about these services are sent. If empty, there is no such restriction."""
    environment: list[str]
    """Only events about these environments are sent. If empty, there is no such restriction."""
    tier: list[Tier]
    """Only events about environments of these tiers are sent. If empty, there is no such
    restriction."""
    enabled: bool
    """Whether the webhook is enabled. No events are sent to a disabled webhook."""
    disabled: WebhookDisabled | None
    """Why the webhook is disabled. Null if it is enabled."""
    position: int
    """The `seq` of the latest event for which deliveries were queued. After the webhook was
    disabled, `GET /events?after=` with this `seq` returns the missed events."""
    failing_since: Instant | None
    """The time since which every request has failed. Null if the latest request did not fail."""
    slowed_until: Instant | None
    """When the next request can be sent, if one is in progress or the receiver requested a pause.
    Null if a request can be sent now."""
    previous_secret_until: Instant | None
    """The time until which messages are also signed with the previous secret. Null if they are
    signed only with the current one."""
    created_by: str
    """Who added the webhook."""
    created_at: Instant
    """When the webhook was added."""
    revision: int
    """The revision number, which increases with every change to the settings. Also the ETag."""

    @classmethod
    def from_domain(cls, webhook: domain.Webhook, at: Instant) -> Self:
        """Map a domain webhook, at a given time, to its response."""
        limits, disabled, rotated_at = webhook.filter, webhook.disabled, webhook.rotated_at
        previous = None if rotated_at is None else rotated_at + PREVIOUS_SECRET_LIFETIME
        return cls(
            id=webhook.id,
            url=webhook.url,
            format=webhook.format,
            events=[str(kind) for kind in limits.kinds] or [EVERY_KIND],
            service=list(limits.services),
            environment=list(limits.environments),
            tier=list(limits.tiers),
            enabled=webhook.is_enabled,
            disabled=None
            if disabled is None
            else WebhookDisabled(reason=disabled.reason, at=disabled.at),
            position=webhook.position,
            failing_since=webhook.failing_since,
            slowed_until=webhook.next_request_at if webhook.next_request_at > at else None,
            previous_secret_until=previous if previous is not None and previous > at else None,
            created_by=webhook.created_by,
            created_at=webhook.created_at,
            revision=webhook.revision,
        )


class WebhookPage(ResponseModel):
    """A page of webhooks, newest first."""

    items: list[Webhook]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class WebhookWithSecret(ResponseModel):
    """A webhook with its new secret."""

    webhook: Webhook
    secret: str | None
    """The secret that signs the messages, in the format of Standard Webhooks libraries. Shown once.
    Null in a repeated response to the same idempotency key."""


class DeliveryAttempt(ResponseModel):
    """The result of the latest attempt to send an event."""

    at: Instant
    """When the attempt ended."""
    status: int | None
    """The HTTP status of the response. Null if there was no response."""
    detail: str
    """A description of the failure. Empty if the receiver accepted the message."""
    took_ms: int
    """The duration of the attempt, in milliseconds."""


class WebhookDelivery(ResponseModel):
    """The delivery of one event to one webhook."""

    id: UUID
    """The id of the delivery, which every attempt sends as `webhook-id`."""
    webhook: UUID
    """The id of the webhook."""
    seq: int
    """The `seq` of the event."""
    kind: EventKind
    state: DeliveryState
    """`pending`, `delivered`, or `failed` if no attempt succeeded."""
    attempts: int
    """The number of attempts that have ended since the delivery was queued or, if a person has
    resent it, since it was last resent. Automatic retries do not reset the number."""
    next_attempt_at: Instant | None
    """When the next attempt is due. Null if the delivery has ended."""
    last_attempt: DeliveryAttempt | None
    """The latest attempt that has ended. Null if no attempt has ended."""
    created_at: Instant
    """When the delivery was queued."""
    ended_at: Instant | None
    """When the event was delivered or the delivery failed. Null while it is pending."""

    @classmethod
    def from_domain(cls, delivery: deliveries.Delivery) -> Self:
        """Map a domain delivery to its response."""
        attempt = delivery.last_attempt
        return cls(
            id=delivery.id,
            webhook=delivery.webhook_id,
            seq=delivery.seq,
            kind=delivery.kind,
            state=delivery.state,
            attempts=delivery.attempts,
            next_attempt_at=delivery.due_at if delivery.state is DeliveryState.PENDING else None,
            last_attempt=None
            if attempt is None
            else DeliveryAttempt(
                at=attempt.at,
                status=attempt.status,
                detail=attempt.detail,
                took_ms=attempt.took_ms,
            ),
            created_at=delivery.created_at,
            ended_at=delivery.ended_at,
        )


class WebhookDeliveryPage(ResponseModel):
    """A page of deliveries, latest event first."""

    items: list[WebhookDelivery]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
