"""Webhooks: URLs of other systems to which events are sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import EventKind

MAX_WEBHOOKS: Final = 50
"""The maximum number of webhooks, limited so that finding the next delivery stays cheap."""

PREVIOUS_SECRET_LIFETIME: Final = timedelta(hours=24)
"""How long messages are also signed with the previous secret after a rotation."""


class WebhookFormat(StrEnum):
    """The format of the messages that are sent to a webhook."""

    GATEPOST = "gatepost"
    """The event as the API returns it, and its deployment."""
    CDEVENTS = "cdevents"
    """CDEvents in CloudEvents. Only events that have a corresponding CDEvent are sent."""


class DisabledReason(StrEnum):
    """Why a webhook is disabled."""

    ADMIN = "admin"
    """An admin disabled it."""
    GONE = "gone"
    """The receiver answered 410 Gone."""
    FAILING = "failing"
    """Every request failed for five days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisabledState:
    """When and why a webhook was disabled."""

    reason: DisabledReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """The filter for events to send. An empty field matches everything."""

    kinds: tuple[EventKind, ...] = ()
    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()

    @property
    def is_limited_by_subject(self) -> bool:
        """Return whether the filter depends on the service, the environment or the tier."""
        return bool(self.services or self.environments or self.tiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A URL to which events are sent, and the state of sending.

    The secret that signs the messages is not stored here: the server derives it from its own key,
    the webhook's id and the number of the secret.
    """

    id: UUID
    url: str
    format: WebhookFormat
    filter: EventFilter
    created_by: str
    created_at: datetime
    secret_number: int = 1
    """The number of the current secret; each rotation adds 1."""
    rotated_at: datetime | None = None
    """When the secret was last rotated; None if it never was."""
    disabled: DisabledState | None = None
    removed_at: datetime | None = None
    """When the webhook was removed; None if it was not."""
    revision: int = 1
    position: int
    """The `seq` of the latest event for which deliveries were queued."""
    failing_since: datetime | None = None
    """When the first failed request since the latest success ended; None if no request failed."""
    next_request_at: datetime
    """When the next request may be sent: once the one in progress has ended, or after a pause that
    the receiver requested."""

    @property
    def is_enabled(self) -> bool:
        """Whether events are sent: the webhook is neither disabled nor removed."""
        return self.disabled is None and self.removed_at is None

    def secret_numbers(self, at: datetime) -> tuple[int, ...]:
        """Return the numbers of the secrets that sign a message at an instant, newest first."""
        if self.rotated_at is None or at >= self.rotated_at + PREVIOUS_SECRET_LIFETIME:
            return (self.secret_number,)
        return (self.secret_number, self.secret_number - 1)


def rotate_secret(webhook: Webhook, *, at: datetime) -> Webhook:
    """Return the webhook with a new secret; the previous one stays in use for 24 hours."""
    return replace(
        webhook,
        secret_number=webhook.secret_number + 1,
        rotated_at=at,
        revision=webhook.revision + 1,
    )


def disable(webhook: Webhook, reason: DisabledReason, *, at: datetime) -> Webhook:
    """Return the webhook as disabled. Events that happen while it is disabled are not sent."""
    return replace(
        webhook,
        disabled=DisabledState(reason=reason, at=at),
        failing_since=None,
        revision=webhook.revision + 1,
    )


def enable(webhook: Webhook, *, last_seq: int, at: datetime) -> Webhook:
    """Return the webhook as enabled, so that events after `last_seq` are sent."""
    return replace(
        webhook,
        disabled=None,
        failing_since=None,
        next_request_at=at,
        position=last_seq,
        revision=webhook.revision + 1,
    )
