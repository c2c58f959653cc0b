"""Deciding which events are sent to a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.event import Event, EventKind
from gatepost_domain.status_transitions import Status
from gatepost_domain.webhooks.webhook import Webhook, WebhookFormat

CDEVENT_KINDS: Final = frozenset(
    {
        EventKind.SUCCEEDED,
        EventKind.ROLLED_BACK,
        EventKind.RECORDED,
        EventKind.TARGET_RETIRED,
        EventKind.ENVIRONMENT_CREATED,
        EventKind.ENVIRONMENT_CHANGED,
    }
)
"""The kinds of events that have a corresponding CDEvent; a rollback has one only if it changed what
is live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSubject:
    """The service and environment that an event is about, if any."""

    service: str | None = None
    environment: str | None = None
    tier: Tier | None = None


def matches_event_kind(webhook: Webhook, event: Event) -> bool:
    """Return whether the webhook's format and its list of kinds include an event.

    A test is sent only to the webhook being tested. CDEvents has no type for the record of a failed
    deployment.
    """
    kind = event.kind
    if kind is EventKind.WEBHOOK_TESTED:
        return False
    if webhook.format is WebhookFormat.CDEVENTS and (
        kind not in CDEVENT_KINDS or event.to_status is Status.FAILED
    ):
        return False
    return not webhook.filter.kinds or kind in webhook.filter.kinds


def matches_subject(webhook: Webhook, subject: EventSubject) -> bool:
    """Return whether the webhook's filter includes events about a subject.

    An event that does not concern a service is not sent to a webhook that is limited to services.
    """
    limits = webhook.filter
    return (
        (not limits.services or subject.service in limits.services)
        and (not limits.environments or subject.environment in limits.environments)
        and (not limits.tiers or subject.tier in limits.tiers)
    )
