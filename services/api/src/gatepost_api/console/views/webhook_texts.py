"""Badges and texts for webhooks: their state, their filter, and delivery attempts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.labels import Icon, Label, Tone
from gatepost_domain.webhooks.delivery import Delivery, DeliveryState
from gatepost_domain.webhooks.webhook import DisabledReason, Webhook, WebhookFormat

DELIVERY_STATE: Final[Mapping[DeliveryState, Label]] = {
    DeliveryState.PENDING: Label(text="Pending", tone=Tone.WAITING, icon=Icon.CLOCK),
    DeliveryState.DELIVERED: Label(text="Delivered", tone=Tone.GOOD, icon=Icon.CHECK),
    DeliveryState.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.CROSS),
    DeliveryState.CANCELLED: Label(text="Cancelled", tone=Tone.MUTED, icon=Icon.STOP),
}
"""The badges for the states of deliveries."""

FORMAT: Final[Mapping[WebhookFormat, str]] = {
    WebhookFormat.GATEPOST: "Gatepost events",
    WebhookFormat.CDEVENTS: "CDEvents",
}
"""The display names of the formats."""

_DISABLED: Final[Mapping[DisabledReason, str]] = {
    DisabledReason.ADMIN: "An admin disabled it.",
    DisabledReason.GONE: "The receiver answered 410 Gone.",
    DisabledReason.FAILING: "Every request failed for five days.",
}

_ENABLED: Final = Label(text="Enabled", tone=Tone.GOOD, icon=Icon.CHECK)
_FAILING: Final = Label(text="Failing", tone=Tone.BAD, icon=Icon.ALERT)
_OFF: Final = Label(text="Disabled", tone=Tone.MUTED, icon=Icon.STOP)


def webhook_badge(webhook: Webhook) -> Label:
    """Return the badge for a webhook: enabled, failing or disabled."""
    if not webhook.is_enabled:
        return _OFF
    return _ENABLED if webhook.failing_since is None else _FAILING


def why_disabled(webhook: Webhook) -> str:
    """Return a sentence that explains why a webhook is disabled; empty if it is enabled."""
    return "" if webhook.disabled is None else _DISABLED[webhook.disabled.reason]


def describe_filter(webhook: Webhook) -> str:
    """Return which events a webhook receives, such as `succeeded, failed; tier production`."""
    limits = webhook.filter
    parts = [", ".join(limits.kinds) or "all events"]
    for name, values in (
        ("service", limits.services),
        ("environment", limits.environments),
        ("tier", limits.tiers),
    ):
        if values:
            parts.append(f"{name} {', '.join(values)}")
    return "; ".join(parts)


def describe_last_attempt(delivery: Delivery) -> str:
    """Return the result of the last attempt at a delivery, or "not sent yet"."""
    attempt = delivery.last_attempt
    if attempt is None:
        return "not sent yet"
    answer = attempt.detail or f"The receiver answered {attempt.status}."
    return f"{answer} ({attempt.took_ms} ms)"
