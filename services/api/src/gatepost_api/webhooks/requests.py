"""Request bodies for webhooks."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from gatepost_api.schemas.base import Line, Name, RequestModel
from gatepost_domain.actions.webhooks.configuration import (
    EVERY_KIND,
    RequestedFilter,
    WebhookChange,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.webhooks.webhook import WebhookFormat

Kinds: TypeAlias = Annotated[
    list[Line],
    msgspec.Meta(
        min_length=1,
        max_length=100,
        description="Kinds of events, or `*` for all kinds.",
        examples=[["succeeded", "failed"]],
    ),
]
Names: TypeAlias = Annotated[list[Name], msgspec.Meta(max_length=100)]
Tiers: TypeAlias = Annotated[list[Tier], msgspec.Meta(max_length=10)]
WebhookUrl: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=2000,
        description="An absolute http or https URL without a user name, password or fragment.",
        examples=["https://hooks.example/gatepost"],
    ),
]


class WebhookCreate(RequestModel):
    """A URL to which events are sent."""

    example = {
        "url": "https://hooks.example/gatepost",
        "events": ["succeeded", "failed", "rolled_back"],
        "tier": ["production"],
    }

    url: WebhookUrl
    events: Kinds = msgspec.field(default_factory=lambda: [EVERY_KIND])
    """The kinds of events to send. Defaults to all kinds."""
    format: WebhookFormat = WebhookFormat.GATEPOST
    service: Names = msgspec.field(default_factory=list[Name])
    """Send only events about these services. If empty, there is no such restriction."""
    environment: Names = msgspec.field(default_factory=list[Name])
    """Send only events about these environments. If empty, there is no such restriction."""
    tier: Tiers = msgspec.field(default_factory=list[Tier])
    """Send only events about environments of these tiers. If empty, there is no such
    restriction."""

    def filter_to_domain(self) -> RequestedFilter:
        """Return the domain filter for the events to send."""
        return RequestedFilter(
            kinds=tuple(self.events),
            services=tuple(self.service),
            environments=tuple(self.environment),
            tiers=tuple(self.tier),
        )


class WebhookUpdate(RequestModel):
    """Changes to a webhook. Omitted fields are unchanged."""

    example = {"enabled": True}

    enabled: bool | None = None
    """`false` disables the webhook, so that no events are sent; `true` enables it."""
    events: Kinds | None = None
    """The kinds of events to send."""
    service: Names | None = None
    """Send only events about these services. If empty, there is no such restriction."""
    environment: Names | None = None
    """Send only events about these environments. If empty, there is no such restriction."""
    tier: Tiers | None = None
    """Send only events about environments of these tiers. If empty, there is no such
    restriction."""

    def to_domain(self) -> WebhookChange:
        """Return the domain change."""
        return WebhookChange(
            enabled=self.enabled,
            kinds=None if self.events is None else tuple(self.events),
            services=None if self.service is None else tuple(self.service),
            environments=None if self.environment is None else tuple(self.environment),
            tiers=None if self.tier is None else tuple(self.tier),
        )
