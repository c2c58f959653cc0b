"""Building the events about webhooks."""

from __future__ import annotations

from urllib.parse import urlsplit

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.event import Event, EventKind
from gatepost_domain.webhooks.webhook import Webhook


def webhook_event(kind: EventKind, command: Command, webhook: Webhook, **data: object) -> Event:
    """Create an event about a webhook, with further data.

    Every user can read events, so the event contains only the URL's host; the rest may contain a
    key.
    """
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=command.note,
        data={"webhook": str(webhook.id), "host": urlsplit(webhook.url).hostname, **data},
    )


def disabled_event(command: Command, webhook: Webhook) -> Event:
    """Create the event about a webhook that the server disabled."""
    by_system = Command(actor=SYSTEM, at=command.at)
    reason = None if webhook.disabled is None else webhook.disabled.reason
    return webhook_event(EventKind.WEBHOOK_DISABLED, by_system, webhook, reason=reason)


def filter_data(webhook: Webhook) -> dict[str, object]:
    """Return the webhook's event filter as event data."""
    limits = webhook.filter
    return {
        "format": webhook.format,
        "events": list(limits.kinds) or ["*"],
        "services": list(limits.services),
        "environments": list(limits.environments),
        "tiers": list(limits.tiers),
    }
