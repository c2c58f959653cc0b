from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.tier import Tier
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookUpdate")


@_attrs_define
class WebhookUpdate:
    """Changes to a webhook. Omitted fields are unchanged."""

    enabled: bool | None | Unset = UNSET
    """ `false` disables the webhook, so that no events are sent; `true` enables it. """
    environment: list[str] | None | Unset = UNSET
    """ Send only events about these environments. If empty, there is no such restriction. """
    events: list[str] | None | Unset = UNSET
    """ The kinds of events to send. """
    service: list[str] | None | Unset = UNSET
    """ Send only events about these services. If empty, there is no such restriction. """
    tier: list[Tier] | None | Unset = UNSET
    """ Send only events about environments of these tiers. If empty, there is no such restriction. """

    def to_dict(self) -> dict[str, Any]:
        enabled: bool | None | Unset
        if isinstance(self.enabled, Unset):
            enabled = UNSET
        else:
            enabled = self.enabled

        environment: list[str] | None | Unset
        if isinstance(self.environment, Unset):
            environment = UNSET
        elif isinstance(self.environment, list):
            environment = self.environment

        else:
            environment = self.environment

        events: list[str] | None | Unset
        if isinstance(self.events, Unset):
            events = UNSET
        elif isinstance(self.events, list):
            events = self.events

        else:
            events = self.events

        service: list[str] | None | Unset
        if isinstance(self.service, Unset):
            service = UNSET
        elif isinstance(self.service, list):
            service = self.service

        else:
            service = self.service

        tier: list[str] | None | Unset
        if isinstance(self.tier, Unset):
            tier = UNSET
        elif isinstance(self.tier, list):
            tier = []
            for tier_type_0_item_data in self.tier:
                tier_type_0_item = to_json(tier_type_0_item_data)
                tier.append(tier_type_0_item)

        else:
            tier = self.tier

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if environment is not UNSET:
            field_dict["environment"] = environment
        if events is not UNSET:
            field_dict["events"] = events
        if service is not UNSET:
            field_dict["service"] = service
        if tier is not UNSET:
            field_dict["tier"] = tier

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        enabled = _parse_enabled(d.pop("enabled", UNSET))

        def _parse_environment(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                environment_type_0 = cast(list[str], data)

                return environment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        environment = _parse_environment(d.pop("environment", UNSET))

        def _parse_events(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                events_type_0 = cast(list[str], data)

                return events_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        events = _parse_events(d.pop("events", UNSET))

        def _parse_service(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                service_type_0 = cast(list[str], data)

                return service_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        service = _parse_service(d.pop("service", UNSET))

        def _parse_tier(data: object) -> list[Tier] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tier_type_0 = []
                _tier_type_0 = data
                for tier_type_0_item_data in _tier_type_0:
                    tier_type_0_item = Tier(tier_type_0_item_data)

                    tier_type_0.append(tier_type_0_item)

                return tier_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Tier] | None | Unset, data)

        tier = _parse_tier(d.pop("tier", UNSET))

        webhook_update = cls(
            enabled=enabled,
            environment=environment,
            events=events,
            service=service,
            tier=tier,
        )

        return webhook_update
