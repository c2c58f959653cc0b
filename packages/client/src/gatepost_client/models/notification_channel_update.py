from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.digest_period import DigestPeriod
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.quiet_hours_body import QuietHoursBody


T = TypeVar("T", bound="NotificationChannelUpdate")


@_attrs_define
class NotificationChannelUpdate:
    """Changes to a channel. Omitted fields are unchanged."""

    digest: DigestPeriod | None | Unset = UNSET
    """ Whether notifications are sent individually or collected. """
    enabled: bool | None | Unset = UNSET
    """ `false` disables the channel, so that nothing is sent; `true` enables it. """
    name: None | str | Unset = UNSET
    """ The new name of the channel. """
    overdue_after_s: int | None | Unset = UNSET
    """ How long, in seconds, a request can be pending before it is reported as overdue. """
    quiet_hours: None | QuietHoursBody | Unset = UNSET
    """ The hours in which nothing is sent. Null to send at any time. """
    remind_after_s: int | None | Unset = UNSET
    """ How long, in seconds, a request can be pending before a reminder is sent. """
    timezone: None | str | Unset = UNSET
    """ The IANA time zone of the quiet hours and of the daily digest. """
    url: None | str | Unset = UNSET
    """ The Apprise URL. It is stored encrypted and never returned in full. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.quiet_hours_body import QuietHoursBody  # noqa: PLC0415

        digest: None | str | Unset
        if isinstance(self.digest, Unset):
            digest = UNSET
        elif isinstance(self.digest, DigestPeriod):
            digest = to_json(self.digest)
        else:
            digest = self.digest

        enabled: bool | None | Unset
        if isinstance(self.enabled, Unset):
            enabled = UNSET
        else:
            enabled = self.enabled

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        overdue_after_s: int | None | Unset
        if isinstance(self.overdue_after_s, Unset):
            overdue_after_s = UNSET
        else:
            overdue_after_s = self.overdue_after_s

        quiet_hours: dict[str, Any] | None | Unset
        if isinstance(self.quiet_hours, Unset):
            quiet_hours = UNSET
        elif isinstance(self.quiet_hours, QuietHoursBody):
            quiet_hours = to_json(self.quiet_hours)
        else:
            quiet_hours = self.quiet_hours

        remind_after_s: int | None | Unset
        if isinstance(self.remind_after_s, Unset):
            remind_after_s = UNSET
        else:
            remind_after_s = self.remind_after_s

        timezone: None | str | Unset
        if isinstance(self.timezone, Unset):
            timezone = UNSET
        else:
            timezone = self.timezone

        url: None | str | Unset
        if isinstance(self.url, Unset):
            url = UNSET
        else:
            url = self.url

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if digest is not UNSET:
            field_dict["digest"] = digest
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if name is not UNSET:
            field_dict["name"] = name
        if overdue_after_s is not UNSET:
            field_dict["overdue_after_s"] = overdue_after_s
        if quiet_hours is not UNSET:
            field_dict["quiet_hours"] = quiet_hours
        if remind_after_s is not UNSET:
            field_dict["remind_after_s"] = remind_after_s
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if url is not UNSET:
            field_dict["url"] = url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quiet_hours_body import QuietHoursBody  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_digest(data: object) -> DigestPeriod | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                digest_type_0 = DigestPeriod(data)

                return digest_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DigestPeriod | None | Unset, data)

        digest = _parse_digest(d.pop("digest", UNSET))

        def _parse_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        enabled = _parse_enabled(d.pop("enabled", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_overdue_after_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        overdue_after_s = _parse_overdue_after_s(d.pop("overdue_after_s", UNSET))

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

        def _parse_remind_after_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        remind_after_s = _parse_remind_after_s(d.pop("remind_after_s", UNSET))

        def _parse_timezone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timezone = _parse_timezone(d.pop("timezone", UNSET))

        def _parse_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        url = _parse_url(d.pop("url", UNSET))

        notification_channel_update = cls(
            digest=digest,
            enabled=enabled,
            name=name,
            overdue_after_s=overdue_after_s,
            quiet_hours=quiet_hours,
            remind_after_s=remind_after_s,
            timezone=timezone,
            url=url,
        )

        return notification_channel_update
