from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.tier import Tier
from ..models.webhook_format import WebhookFormat
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookCreate")


@_attrs_define
class WebhookCreate:
    """A URL to which events are sent."""

    url: str
    """ An absolute http or https URL without a user name, password or fragment. """
    environment: list[str] | Unset = UNSET
    """ Send only events about these environments. If empty, there is no such restriction. """
    events: list[str] | Unset = UNSET
    """ The kinds of events to send. Defaults to all kinds. """
    format_: WebhookFormat | Unset = UNSET
    """ The format of the messages that are sent to a webhook. """
    service: list[str] | Unset = UNSET
    """ Send only events about these services. If empty, there is no such restriction. """
    tier: list[Tier] | Unset = UNSET
    """ Send only events about environments of these tiers. If empty, there is no such restriction. """

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        environment: list[str] | Unset = UNSET
        if not isinstance(self.environment, Unset):
            environment = self.environment

        events: list[str] | Unset = UNSET
        if not isinstance(self.events, Unset):
            events = self.events

        format_: str | Unset = UNSET
        if not isinstance(self.format_, Unset):
            format_ = to_json(self.format_)

        service: list[str] | Unset = UNSET
        if not isinstance(self.service, Unset):
            service = self.service

        tier: list[str] | Unset = UNSET
        if not isinstance(self.tier, Unset):
            tier = []
            for tier_item_data in self.tier:
                tier_item = to_json(tier_item_data)
                tier.append(tier_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
            }
        )
        if environment is not UNSET:
            field_dict["environment"] = environment
        if events is not UNSET:
            field_dict["events"] = events
        if format_ is not UNSET:
            field_dict["format"] = format_
        if service is not UNSET:
            field_dict["service"] = service
        if tier is not UNSET:
            field_dict["tier"] = tier

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        environment = cast(list[str], d.pop("environment", UNSET))

        events = cast(list[str], d.pop("events", UNSET))

        _format_ = d.pop("format", UNSET)
        format_: WebhookFormat | Unset
        if isinstance(_format_, Unset):
            format_ = UNSET
        else:
            format_ = WebhookFormat(_format_)

        service = cast(list[str], d.pop("service", UNSET))

        _tier = d.pop("tier", UNSET)
        tier: list[Tier] | Unset = UNSET
        if _tier is not UNSET:
            tier = []
            for tier_item_data in _tier:
                tier_item = Tier(tier_item_data)

                tier.append(tier_item)

        webhook_create = cls(
            url=url,
            environment=environment,
            events=events,
            format_=format_,
            service=service,
            tier=tier,
        )

        return webhook_create
