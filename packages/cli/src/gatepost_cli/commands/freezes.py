"""`gatepost freeze`: freezes and allow windows."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command, CommandGroup, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Freeze, FreezeCreate, FreezePeriod, FreezeScope

_HEADINGS: Final = ("id", "active", "effect", "scope", "next", "until", "reason")
_EFFECTS: Final = ("deny", "allow")
_TIERS: Final = ("development", "test", "staging", "production")


def impose(context: Context, arguments: Namespace) -> ExitCode:
    """Create a freeze."""
    freeze = context.gatepost.impose_freeze(_to_body(arguments))
    context.answer(_details(freeze))
    return ExitCode.SUCCESS


def preview(context: Context, arguments: Namespace) -> ExitCode:
    """Write when a freeze would be active, and what it would stop."""
    freeze = context.gatepost.preview_freeze(_to_body(arguments))
    stops = freeze.stops
    fields = {
        "next": _periods(freeze.next_) or "not within the next ten years",
        "services": str(stops.services),
        "environments": str(stops.environments),
        "waiting": "\n".join(
            f"{each.number} {each.service} {each.version} to {each.environment}"
            for each in stops.waiting
        )
        or None,
    }
    context.answer(format_key_values(fields))
    return ExitCode.SUCCESS


def list_freezes(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each freeze, newest first."""
    freezes, document = context.fetch_all(context.gatepost.list_freezes, active=arguments.active)
    context.answer_table(_HEADINGS, map(_row, freezes), json=document)
    return ExitCode.SUCCESS


def show(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of a freeze."""
    context.answer(_details(context.gatepost.get_freeze(arguments.freeze)))
    return ExitCode.SUCCESS


def lift(context: Context, arguments: Namespace) -> ExitCode:
    """End a freeze early."""
    from gatepost_client.models import LiftBody  # noqa: PLC0415

    freeze = context.gatepost.lift_freeze(arguments.freeze, LiftBody(reason=arguments.reason))
    context.answer(f"The freeze of {_scope(freeze.scope)} has been lifted.")
    return ExitCode.SUCCESS


def import_calendar(context: Context, arguments: Namespace) -> ExitCode:
    """Import a calendar and write what it changed."""
    from gatepost_client.models import Effect, Tier  # noqa: PLC0415
    from gatepost_client.types import File  # noqa: PLC0415

    content = _read_file(arguments.file)
    result = context.gatepost.import_freezes(
        File(payload=BytesIO(content), mime_type="text/calendar"),
        series=arguments.series,
        service=arguments.service,
        environment=arguments.environment,
        tier=None if arguments.tier is None else Tier(arguments.tier),
        effect=Effect(arguments.effect),
        reason=arguments.reason,
        timezone=arguments.timezone,
        remove_missing=arguments.remove_missing or None,
    )
    fields = {
        "series": result.series,
        "created": f"{len(result.created)}",
        "changed": f"{len(result.changed)}",
        "unchanged": f"{len(result.unchanged)}",
        "lifted": f"{len(result.lifted)}",
        "past": f"{len(result.past)}" if result.past else None,
    }
    context.answer(format_key_values(fields))
    return ExitCode.SUCCESS


def _read_file(name: str) -> bytes:
    """Return the content of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from error


def _to_body(arguments: Namespace) -> FreezeCreate:
    from gatepost_client.models import Effect, FreezeCreate, FreezeScopeBody, Tier  # noqa: PLC0415

    scope = FreezeScopeBody(
        service=arguments.service,
        environment=arguments.environment,
        tier=None if arguments.tier is None else Tier(arguments.tier),
    )
    return FreezeCreate(
        reason=arguments.reason,
        effect=Effect(arguments.effect),
        scope=scope,
        starts_at=arguments.starts_at,
        ends_at=arguments.ends_at,
        ttl=arguments.ttl,
        rrule=arguments.rrule,
        duration=arguments.duration,
        timezone=arguments.timezone,
    )


def _row(freeze: Freeze) -> tuple[str | None, ...]:
    period = next(iter(freeze.next_), None)
    return (
        str(freeze.id),
        "yes" if freeze.active else "no",
        str(freeze.effect),
        _scope(freeze.scope),
        None if period is None else format_instant(period.starts_at),
        None if period is None else format_instant(period.ends_at),
        freeze.reason,
    )


def _details(freeze: Freeze) -> str:
    return format_key_values(
        {
            "id": str(freeze.id),
            "active": "yes" if freeze.active else "no",
            "effect": str(freeze.effect),
            "scope": _scope(freeze.scope),
            "next": _periods(freeze.next_) or None,
            "starts": format_instant(freeze.starts_at),
            "ends": format_instant(freeze.ends_at),
            "rule": freeze.rrule,
            "duration": freeze.duration,
            "time zone": freeze.timezone,
            "reason": freeze.reason,
            "created by": freeze.created_by,
            "lifted at": format_instant(freeze.lifted_at),
            "lifted by": freeze.lifted_by,
            "lift reason": freeze.lift_reason,
        }
    )


def _periods(periods: Iterable[FreezePeriod]) -> str:
    return "\n".join(
        f"{format_instant(period.starts_at)} to {format_instant(period.ends_at) or 'its lifting'}"
        for period in periods
    )


def _scope(scope: FreezeScope) -> str:
    environment = scope.environment or (scope.tier and f"tier {scope.tier}")
    return " in ".join(part for part in (scope.service, environment) if part) or "everything"


def _add_scope_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--service", help="only this service")
    parser.add_argument("--environment", help="only this environment")
    parser.add_argument("--tier", choices=_TIERS, help="only environments of this tier")
    parser.add_argument(
        "--effect",
        choices=_EFFECTS,
        default="deny",
        help="deny: nothing starts during the freeze; allow: nothing starts outside it "
        "(default: deny)",
    )


def _add_import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="iCalendar file (.ics); - for standard input")
    _add_scope_arguments(parser)
    parser.add_argument(
        "--reason",
        help="reason for every freeze, shown to everyone who is blocked (default: the summary of "
        "each event)",
    )
    parser.add_argument(
        "--timezone",
        help="IANA time zone of all-day events and of times without a zone (default: the "
        "calendar's, or else UTC)",
    )
    parser.add_argument(
        "--series",
        help="name of the series; a later import with this name updates the series (default: the "
        "calendar's name)",
    )
    parser.add_argument(
        "--remove-missing",
        action="store_true",
        help="lift each freeze in the series that has no event in the file",
    )


def _add_create_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, help="reason, shown to everyone who is blocked")
    _add_scope_arguments(parser)
    for option, name, text in (("--from", "starts_at", "start"), ("--until", "ends_at", "end")):
        parser.add_argument(
            option,
            dest=name,
            type=_parse_time,
            metavar="TIME",
            help=f"{text}, such as 2026-12-24T18:00:00; without an offset, a time in --timezone",
        )
    parser.add_argument("--ttl", metavar="DURATION", help="duration such as PT4H or P2D")
    parser.add_argument("--rrule", metavar="RULE", help="RFC 5545 rule of a recurring freeze")
    parser.add_argument("--duration", help="duration of each occurrence, such as PT4H or P2D")
    parser.add_argument("--timezone", default="UTC", help="IANA time zone (default: UTC)")


def _parse_time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a time such as 2026-12-24T18:00:00 or 2026-12-24T18:00:00+01:00"
        raise ArgumentTypeError(message) from None


def _add_list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--active", action="store_true", help="only currently active freezes")


def _add_freeze_argument(parser: ArgumentParser) -> None:
    parser.add_argument("freeze", metavar="ID", help="id of the freeze")


def _add_lift_arguments(parser: ArgumentParser) -> None:
    _add_freeze_argument(parser)
    parser.add_argument("--reason", help="reason, recorded permanently")


GROUP: Final = CommandGroup(
    name="freeze",
    summary="prevent deployments from starting, or list and lift freezes",
    commands=(
        Command(
            name="impose",
            summary="create a freeze or an allow window",
            add_arguments=_add_create_arguments,
            run=impose,
        ),
        Command(
            name="preview",
            summary="show when a freeze would be active and what it would stop",
            add_arguments=_add_create_arguments,
            run=preview,
        ),
        Command(
            name="list",
            summary="list freezes, newest first",
            add_arguments=_add_list_arguments,
            run=list_freezes,
        ),
        Command(
            name="show",
            summary="show a freeze and its next periods",
            add_arguments=_add_freeze_argument,
            run=show,
        ),
        Command(
            name="import",
            summary="create freezes from a calendar file, such as one with public holidays",
            add_arguments=_add_import_arguments,
            run=import_calendar,
        ),
        Command(
            name="lift",
            summary="end a freeze early",
            add_arguments=_add_lift_arguments,
            run=lift,
        ),
    ),
)
