from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tier import Tier
from ..models.webhook_format import WebhookFormat
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.webhook_disabled import WebhookDisabled


T = TypeVar("T", bound="Webhook")


@_attrs_define
class Webhook:
    """A URL to which events are sent. Its secret is never returned again."""

    created_at: datetime.datetime
    """ When the webhook was added. """
    created_by: str
    """ Who added the webhook. """
    disabled: None | WebhookDisabled
    """ Why the webhook is disabled. Null if it is enabled. """
    enabled: bool
    """ Whether the webhook is enabled. No events are sent to a disabled webhook. """
    environment: list[str]
    """ Only events about these environments are sent. If empty, there is no such restriction. """
    events: list[str]
    """ The kinds of events that are sent; `*` stands for all kinds. """
    failing_since: datetime.datetime | None
    """ The time since which every request has failed. Null if the latest request did not fail. """
    format_: WebhookFormat
    """ The format of the messages that are sent to a webhook. """
    id: UUID
    """ The id of the webhook. """
    position: int
    """ The `seq` of the latest event for which deliveries were queued. After the webhook was disabled, `GET
    /events?after=` with this `seq` returns the missed events. """
    previous_secret_until: datetime.datetime | None
    """ The time until which messages are also signed with the previous secret. Null if they are signed only with
    the current one. """
    revision: int
    """ The revision number, which increases with every change to the settings. Also the ETag. """
    service: list[str]
    """ Only events about these services are sent. If empty, there is no such restriction. """
    slowed_until: datetime.datetime | None
    """ When the next request can be sent, if one is in progress or the receiver requested a pause. Null if a
    request can be sent now. """
    tier: list[Tier]
    """ Only events about environments of these tiers are sent. If empty, there is no such restriction. """
    url: str
    """ The URL of the receiver. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.webhook_disabled import WebhookDisabled  # noqa: PLC0415

        created_at = to_json(self.created_at)

        created_by = self.created_by

        disabled: dict[str, Any] | None
        if isinstance(self.disabled, WebhookDisabled):
            disabled = to_json(self.disabled)
        else:
            disabled = self.disabled

        enabled = self.enabled

        environment = self.environment

        events = self.events

        failing_since: None | str
        if isinstance(self.failing_since, datetime.datetime):
            failing_since = to_json(self.failing_since)
        else:
            failing_since = self.failing_since

        format_ = to_json(self.format_)

        id = str(self.id)

        position = self.position

        previous_secret_until: None | str
        if isinstance(self.previous_secret_until, datetime.datetime):
            previous_secret_until = to_json(self.previous_secret_until)
        else:
            previous_secret_until = self.previous_secret_until

        revision = self.revision

        service = self.service

        slowed_until: None | str
        if isinstance(self.slowed_until, datetime.datetime):
            slowed_until = to_json(self.slowed_until)
        else:
            slowed_until = self.slowed_until

        tier = []
        for tier_item_data in self.tier:
            tier_item = to_json(tier_item_data)
            tier.append(tier_item)

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "created_by": created_by,
                "disabled": disabled,
                "enabled": enabled,
                "environment": environment,
                "events": events,
                "failing_since": failing_since,
                "format": format_,
                "id": id,
                "position": position,
                "previous_secret_until": previous_secret_until,
                "revision": revision,
                "service": service,
                "slowed_until": slowed_until,
                "tier": tier,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.webhook_disabled import WebhookDisabled  # noqa: PLC0415

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        def _parse_disabled(data: object) -> None | WebhookDisabled:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                disabled_type_0 = WebhookDisabled.from_dict(data)

                return disabled_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WebhookDisabled, data)

        disabled = _parse_disabled(d.pop("disabled", None))

        enabled = d.pop("enabled")

        environment = cast(list[str], d.pop("environment"))

        events = cast(list[str], d.pop("events"))

        def _parse_failing_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failing_since_type_0 = datetime.datetime.fromisoformat(data)

                return failing_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        failing_since = _parse_failing_since(d.pop("failing_since", None))

        format_ = WebhookFormat(d.pop("format"))

        id = UUID(d.pop("id"))

        position = d.pop("position")

        def _parse_previous_secret_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                previous_secret_until_type_0 = datetime.datetime.fromisoformat(data)

                return previous_secret_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        previous_secret_until = _parse_previous_secret_until(d.pop("previous_secret_until", None))

        revision = d.pop("revision")

        service = cast(list[str], d.pop("service"))

        def _parse_slowed_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                slowed_until_type_0 = datetime.datetime.fromisoformat(data)

                return slowed_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        slowed_until = _parse_slowed_until(d.pop("slowed_until", None))

        tier = []
        _tier = d.pop("tier")
        for tier_item_data in _tier:
            tier_item = Tier(tier_item_data)

            tier.append(tier_item)

        url = d.pop("url")

        webhook = cls(
            created_at=created_at,
            created_by=created_by,
            disabled=disabled,
            enabled=enabled,
            environment=environment,
            events=events,
            failing_since=failing_since,
            format_=format_,
            id=id,
            position=position,
            previous_secret_until=previous_secret_until,
            revision=revision,
            service=service,
            slowed_until=slowed_until,
            tier=tier,
            url=url,
        )

        webhook.additional_properties = d
        return webhook

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
