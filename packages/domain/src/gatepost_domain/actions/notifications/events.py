"""Building the events about notification channels."""

from __future__ import annotations

from gatepost_domain.access.command import Command
from gatepost_domain.event import Event, EventKind
from gatepost_domain.notifications.channel import NotificationChannel


def channel_event(
    kind: EventKind, command: Command, channel: NotificationChannel, **data: object
) -> Event:
    """Create an event about a channel, with further data.

    Every user can read events, so the event contains only the scheme of the URL. The state that it
    records contains a digest of the encrypted URL, which changes with the URL.
    """
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=command.note,
        data={
            "channel": str(channel.id),
            "name": channel.settings.name,
            channel.recipient.kind: channel.recipient.name,
            "scheme": channel.address.scheme,
            **data,
        },
    )


def settings_data(channel: NotificationChannel) -> dict[str, object]:
    """Return a channel's settings as event data."""
    settings, quiet_hours = channel.settings, channel.settings.quiet_hours
    return {
        "timezone": settings.timezone,
        "quiet_hours": None
        if quiet_hours is None
        else [f"{quiet_hours.start:%H:%M}", f"{quiet_hours.end:%H:%M}"],
        "digest": settings.digest,
        "remind_after_s": int(settings.remind_after.total_seconds()),
        "overdue_after_s": int(settings.overdue_after.total_seconds()),
        "enabled": channel.is_enabled,
    }
