"""`gatepost notification-channel`: where people are notified."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gatepost_cli.core.command import Command, CommandGroup, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Notification, NotificationChannel, QuietHoursBody

_HEADINGS: Final = ("id", "state", "name", "for", "product", "digest")
_NOTIFICATION_HEADINGS: Final = ("id", "event", "reason", "state", "attempts", "detail", "next")
_DIGESTS: Final = ("none", "hourly", "daily")
_STATES: Final = ("pending", "sent", "failed", "dropped")
_RECIPIENTS: Final = ("user", "group", "team")
_NO_QUIET_HOURS: Final = "none"


def add(context: Context, arguments: Namespace) -> ExitCode:
    """Add a channel that notifies one recipient, and write the details of the channel."""
    from gatepost_client.models import (  # noqa: PLC0415
        ChannelRecipientBody,
        DigestPeriod,
        NotificationChannelCreate,
        RecipientKind,
    )

    kinds = (kind for kind in _RECIPIENTS if getattr(arguments, kind) is not None)
    kind = next(kinds, None)
    body = NotificationChannelCreate(
        name=arguments.name,
        recipient=None
        if kind is None
        else ChannelRecipientBody(kind=RecipientKind(kind), name=getattr(arguments, kind)),
        url=_read_url(arguments.url_file),
        quiet_hours=_parse_quiet_hours(arguments.quiet_hours),
        **_without_nones(
            timezone=arguments.timezone,
            digest=None if arguments.digest is None else DigestPeriod(arguments.digest),
            remind_after_s=arguments.remind_after_s,
            overdue_after_s=arguments.overdue_after_s,
        ),
    )
    context.answer(_details(context.gatepost.add_notification_channel(body)))
    return ExitCode.SUCCESS


def change(context: Context, arguments: Namespace) -> ExitCode:
    """Change a channel, or enable or disable it."""
    from gatepost_client.models import DigestPeriod, NotificationChannelUpdate  # noqa: PLC0415

    settings = _without_nones(
        name=arguments.name,
        url=None if arguments.url_file is None else _read_url(arguments.url_file),
        enabled=arguments.enabled,
        timezone=arguments.timezone,
        digest=None if arguments.digest is None else DigestPeriod(arguments.digest),
        remind_after_s=arguments.remind_after_s,
        overdue_after_s=arguments.overdue_after_s,
    )
    if arguments.quiet_hours is not None:
        settings["quiet_hours"] = _parse_quiet_hours(arguments.quiet_hours)
    changed = context.gatepost.change_notification_channel(
        arguments.channel, NotificationChannelUpdate(**settings)
    )
    context.answer(_details(changed))
    return ExitCode.SUCCESS


def list_channels(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each channel, newest first."""
    channels, document = context.fetch_all(
        context.gatepost.list_notification_channels, own=arguments.me
    )
    context.answer(table(_HEADINGS, map(_row, channels)), json=document)
    return ExitCode.SUCCESS


def show(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of a channel."""
    context.answer(_details(context.gatepost.get_notification_channel(arguments.channel)))
    return ExitCode.SUCCESS


def remove(context: Context, arguments: Namespace) -> ExitCode:
    """Remove a channel, so that its recipient is no longer notified through it."""
    removed = context.gatepost.remove_notification_channel(arguments.channel)
    context.answer(f"The channel {removed.name} has been removed.")
    return ExitCode.SUCCESS


def test(context: Context, arguments: Namespace) -> ExitCode:
    """Send a test message to a channel."""
    context.gatepost.test_notification_channel(arguments.channel)
    context.answer(
        "The test is queued; `gatepost notification-channel deliveries` shows whether it was sent."
    )
    return ExitCode.SUCCESS


def resend(context: Context, arguments: Namespace) -> ExitCode:
    """Send a failed notification again."""
    resent = context.gatepost.resend_notification(arguments.channel, arguments.notification)
    context.answer(f"The notification about event {resent.seq} will be sent again.")
    return ExitCode.SUCCESS


def list_notifications(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each notification through a channel, newest first."""
    from gatepost_client.models import NotificationState  # noqa: PLC0415

    notifications, document = context.fetch_all(
        context.gatepost.list_notifications,
        arguments.channel,
        state=None if arguments.state is None else NotificationState(arguments.state),
    )
    rows = map(_notification_row, notifications)
    context.answer(table(_NOTIFICATION_HEADINGS, rows), json=document)
    return ExitCode.SUCCESS


def _read_url(file: str) -> str:
    """Read the URL from a file or standard input: other users can see command-line arguments.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    return text.strip()


def _parse_quiet_hours(text: str | None) -> QuietHoursBody | None:
    from gatepost_client.models import QuietHoursBody  # noqa: PLC0415

    if text in {None, _NO_QUIET_HOURS}:
        return None
    start, _, end = str(text).partition("-")
    return QuietHoursBody(start=start, end=end)


def _without_nones(**settings: object) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def _state(channel: NotificationChannel) -> str:
    return "enabled" if channel.enabled else "disabled"


def _recipient(channel: NotificationChannel) -> str:
    return f"{channel.recipient.kind} {channel.recipient.name}"


def _row(channel: NotificationChannel) -> tuple[str | None, ...]:
    return (
        str(channel.id),
        _state(channel),
        channel.name,
        _recipient(channel),
        channel.product,
        str(channel.digest),
    )


def _details(channel: NotificationChannel) -> str:
    quiet_hours = channel.quiet_hours
    return format_key_values(
        {
            "id": str(channel.id),
            "state": _state(channel),
            "name": channel.name,
            "for": _recipient(channel),
            "product": channel.product,
            "url": channel.url,
            "time zone": channel.timezone,
            "quiet hours": None
            if quiet_hours is None
            else f"{quiet_hours.start}-{quiet_hours.end}",
            "digest": str(channel.digest),
            "reminder after": f"{channel.remind_after_s} s",
            "overdue after": f"{channel.overdue_after_s} s",
            "added by": channel.created_by,
            "added at": format_instant(channel.created_at),
        }
    )


def _notification_row(notification: Notification) -> tuple[str | None, ...]:
    return (
        str(notification.id),
        str(notification.seq),
        str(notification.reason),
        str(notification.state),
        str(notification.attempts),
        notification.detail,
        format_instant(notification.next_attempt_at),
    )


def _add_setting_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--timezone", metavar="ZONE", help="IANA time zone (default: UTC)")
    parser.add_argument(
        "--quiet-hours",
        metavar="HH:MM-HH:MM",
        help=f"daily period in which to send nothing, or {_NO_QUIET_HOURS}",
    )
    parser.add_argument(
        "--digest",
        choices=_DIGESTS,
        help="how often to send messages as a digest (default: no digest)",
    )
    parser.add_argument("--remind-after-s", type=int, metavar="SECONDS", help="default: 4 hours")
    parser.add_argument("--overdue-after-s", type=int, metavar="SECONDS", help="default: 24 hours")


def _add_create_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", help="name of the channel")
    recipients = parser.add_mutually_exclusive_group(required=True)
    recipients.add_argument("--me", action="store_true", help="notify yourself")
    recipients.add_argument("--user", help="notify this person")
    recipients.add_argument("--group", help="notify the people in this group")
    recipients.add_argument("--team", help="notify this team about its services")
    parser.add_argument(
        "--url-file",
        metavar="FILE",
        required=True,
        help="file with the URL, or - for standard input",
    )
    _add_setting_arguments(parser)


def _add_change_arguments(parser: ArgumentParser) -> None:
    _add_channel_argument(parser)
    parser.add_argument("--name", help="name of the channel")
    parser.add_argument(
        "--url-file", metavar="FILE", help="file with the URL, or - for standard input"
    )
    states = parser.add_mutually_exclusive_group()
    states.add_argument("--enable", dest="enabled", action="store_true", default=None)
    states.add_argument("--disable", dest="enabled", action="store_false", default=None)
    _add_setting_arguments(parser)


def _add_channel_argument(parser: ArgumentParser) -> None:
    parser.add_argument("channel", metavar="ID", help="id of the channel")


def _add_list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--me", action="store_true", help="list only your own channels")


def _add_notification_argument(parser: ArgumentParser) -> None:
    _add_channel_argument(parser)
    parser.add_argument("notification", metavar="NOTIFICATION", help="id of the notification")


def _add_filter(parser: ArgumentParser) -> None:
    _add_channel_argument(parser)
    parser.add_argument("--state", choices=_STATES, help="only notifications in this state")


GROUP: Final = CommandGroup(
    name="notification-channel",
    summary="notify people by e-mail and chat",
    commands=(
        Command(name="add", summary="add a channel", add_arguments=_add_create_arguments, run=add),
        Command(
            name="list",
            summary="list channels",
            add_arguments=_add_list_arguments,
            run=list_channels,
        ),
        Command(
            name="show", summary="show a channel", add_arguments=_add_channel_argument, run=show
        ),
        Command(
            name="change",
            summary="change, enable or disable a channel",
            add_arguments=_add_change_arguments,
            run=change,
        ),
        Command(
            name="remove",
            summary="remove a channel",
            add_arguments=_add_channel_argument,
            run=remove,
        ),
        Command(
            name="test",
            summary="send a test message",
            add_arguments=_add_channel_argument,
            run=test,
        ),
        Command(
            name="deliveries",
            summary="list sent and pending notifications",
            add_arguments=_add_filter,
            run=list_notifications,
        ),
        Command(
            name="resend",
            summary="send a failed notification again",
            add_arguments=_add_notification_argument,
            run=resend,
        ),
    ),
)
