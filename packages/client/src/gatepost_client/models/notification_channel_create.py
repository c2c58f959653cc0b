from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.digest_period import DigestPeriod
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.channel_recipient_body import ChannelRecipientBody
    from ..models.quiet_hours_body import QuietHoursBody


T = TypeVar("T", bound="NotificationChannelCreate")


@_attrs_define
class NotificationChannelCreate:
    """A channel through which people are notified."""

    name: str
    """ One line of text with at least one visible character, and without control or format characters. """
    url: str
    """ The channel's Apprise URL, such as `slack://TokenA/TokenB/TokenC/#channel` or
    `mailtos://user:password@mail.example`. It is stored encrypted and never returned in full. """
    digest: DigestPeriod | Unset = UNSET
    """ Whether notifications are collected into digests, and how often these are sent. """
    overdue_after_s: int | Unset = UNSET
    """ How long, in seconds, a request can be pending before it is reported as overdue. Defaults to 24 hours. """
    quiet_hours: None | QuietHoursBody | Unset = UNSET
    """ The hours in which nothing is sent. Null to send at any time. """
    recipient: ChannelRecipientBody | None | Unset = UNSET
    """ The recipient of the channel. Defaults to the caller. """
    remind_after_s: int | Unset = UNSET
    """ How long, in seconds, a request can be pending before a reminder is sent. Defaults to 4 hours. """
    timezone: str | Unset = UNSET
    """ The IANA time zone of the quiet hours and of the daily digest. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.channel_recipient_body import ChannelRecipientBody  # noqa: PLC0415
        from ..models.quiet_hours_body import QuietHoursBody  # noqa: PLC0415

        name = self.name

        url = self.url

        digest: str | Unset = UNSET
        if not isinstance(self.digest, Unset):
            digest = to_json(self.digest)

        overdue_after_s = self.overdue_after_s

        quiet_hours: dict[str, Any] | None | Unset
        if isinstance(self.quiet_hours, Unset):
            quiet_hours = UNSET
        elif isinstance(self.quiet_hours, QuietHoursBody):
            quiet_hours = to_json(self.quiet_hours)
        else:
            quiet_hours = self.quiet_hours

        recipient: dict[str, Any] | None | Unset
        if isinstance(self.recipient, Unset):
            recipient = UNSET
        elif isinstance(self.recipient, ChannelRecipientBody):
            recipient = to_json(self.recipient)
        else:
            recipient = self.recipient

        remind_after_s = self.remind_after_s

        timezone = self.timezone

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "url": url,
            }
        )
        if digest is not UNSET:
            field_dict["digest"] = digest
        if overdue_after_s is not UNSET:
            field_dict["overdue_after_s"] = overdue_after_s
        if quiet_hours is not UNSET:
            field_dict["quiet_hours"] = quiet_hours
        if recipient is not UNSET:
            field_dict["recipient"] = recipient
        if remind_after_s is not UNSET:
            field_dict["remind_after_s"] = remind_after_s
        if timezone is not UNSET:
            field_dict["timezone"] = timezone

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.channel_recipient_body import ChannelRecipientBody  # noqa: PLC0415
        from ..models.quiet_hours_body import QuietHoursBody  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        url = d.pop("url")

        _digest = d.pop("digest", UNSET)
        digest: DigestPeriod | Unset
        if isinstance(_digest, Unset):
            digest = UNSET
        else:
            digest = DigestPeriod(_digest)

        overdue_after_s = d.pop("overdue_after_s", UNSET)

        def _parse_quiet_hours(data: object) -> None | QuietHoursBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                quiet_hours_type_0 = QuietHoursBody.from_dict(data)

                return quiet_hours_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | QuietHoursBody | Unset, data)

        quiet_hours = _parse_quiet_hours(d.pop("quiet_hours", UNSET))

        def _parse_recipient(data: object) -> ChannelRecipientBody | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                recipient_type_0 = ChannelRecipientBody.from_dict(data)

                return recipient_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChannelRecipientBody | None | Unset, data)

        recipient = _parse_recipient(d.pop("recipient", UNSET))

        remind_after_s = d.pop("remind_after_s", UNSET)

        timezone = d.pop("timezone", UNSET)

        notification_channel_create = cls(
            name=name,
            url=url,
            digest=digest,
            overdue_after_s=overdue_after_s,
            quiet_hours=quiet_hours,
            recipient=recipient,
            remind_after_s=remind_after_s,
            timezone=timezone,
        )

        return notification_channel_create
