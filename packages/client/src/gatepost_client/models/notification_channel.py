from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.digest_period import DigestPeriod
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.channel_quiet_hours import ChannelQuietHours
    from ..models.channel_recipient import ChannelRecipient


T = TypeVar("T", bound="NotificationChannel")


@_attrs_define
class NotificationChannel:
    """A channel through which people are notified. Its full URL is never returned."""

    created_at: datetime.datetime
    """ When the channel was added. """
    created_by: str
    """ Who added the channel. """
    digest: DigestPeriod
    """ Whether notifications are collected into digests, and how often these are sent. """
    disabled_at: datetime.datetime | None
    """ When the channel was disabled. Null if it is enabled. """
    enabled: bool
    """ Whether the channel is enabled. Nothing is sent to a disabled channel. """
    id: UUID
    """ The id of the channel. """
    name: str
    """ The name of the channel. """
    overdue_after_s: int
    """ How long, in seconds, a request can be pending before it is reported as overdue. """
    product: str
    """ The product that the URL belongs to, such as Slack. """
    quiet_hours: ChannelQuietHours | None
    """ The hours in which nothing is sent. Null if notifications are sent at any time. """
    recipient: ChannelRecipient
    """ The user, group or team that the channel notifies. """
    remind_after_s: int
    """ How long, in seconds, a request can be pending before a reminder is sent. """
    revision: int
    """ The revision number, which increases with every change to the settings. Also the ETag. """
    timezone: str
    """ The IANA time zone of the quiet hours and of the daily digest. """
    url: str
    """ The URL with its confidential parts masked. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.channel_quiet_hours import ChannelQuietHours  # noqa: PLC0415

        created_at = to_json(self.created_at)

        created_by = self.created_by

        digest = to_json(self.digest)

        disabled_at: None | str
        if isinstance(self.disabled_at, datetime.datetime):
            disabled_at = to_json(self.disabled_at)
        else:
            disabled_at = self.disabled_at

        enabled = self.enabled

        id = str(self.id)

        name = self.name

        overdue_after_s = self.overdue_after_s

        product = self.product

        quiet_hours: dict[str, Any] | None
        if isinstance(self.quiet_hours, ChannelQuietHours):
            quiet_hours = to_json(self.quiet_hours)
        else:
            quiet_hours = self.quiet_hours

        recipient = to_json(self.recipient)

        remind_after_s = self.remind_after_s

        revision = self.revision

        timezone = self.timezone

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "created_by": created_by,
                "digest": digest,
                "disabled_at": disabled_at,
                "enabled": enabled,
                "id": id,
                "name": name,
                "overdue_after_s": overdue_after_s,
                "product": product,
                "quiet_hours": quiet_hours,
                "recipient": recipient,
                "remind_after_s": remind_after_s,
                "revision": revision,
                "timezone": timezone,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.channel_quiet_hours import ChannelQuietHours  # noqa: PLC0415
        from ..models.channel_recipient import ChannelRecipient  # noqa: PLC0415

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        digest = DigestPeriod(d.pop("digest"))

        def _parse_disabled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_at_type_0 = datetime.datetime.fromisoformat(data)

                return disabled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        disabled_at = _parse_disabled_at(d.pop("disabled_at", None))

        enabled = d.pop("enabled")

        id = UUID(d.pop("id"))

        name = d.pop("name")

        overdue_after_s = d.pop("overdue_after_s")

        product = d.pop("product")

        def _parse_quiet_hours(data: object) -> ChannelQuietHours | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                quiet_hours_type_0 = ChannelQuietHours.from_dict(data)

                return quiet_hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelQuietHours | None, data)

        quiet_hours = _parse_quiet_hours(d.pop("quiet_hours", None))

        recipient = ChannelRecipient.from_dict(d.pop("recipient"))

        remind_after_s = d.pop("remind_after_s")

        revision = d.pop("revision")

        timezone = d.pop("timezone")

        url = d.pop("url")

        notification_channel = cls(
            created_at=created_at,
            created_by=created_by,
            digest=digest,
            disabled_at=disabled_at,
            enabled=enabled,
            id=id,
            name=name,
            overdue_after_s=overdue_after_s,
            product=product,
            quiet_hours=quiet_hours,
            recipient=recipient,
            remind_after_s=remind_after_s,
            revision=revision,
            timezone=timezone,
            url=url,
        )

        notification_channel.additional_properties = d
        return notification_channel

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
