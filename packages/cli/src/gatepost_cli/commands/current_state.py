"""`gatepost current`: the version deployed in each service and environment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import parse_timestamp
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Cell

_HEADINGS: Final = ("service", "environment", "version", "deployed", "by", "age", "in progress")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the time and the filters.

    A repeated filter matches any of its values.
    """
    parser.add_argument("--service", action="append", help="only this service (repeatable)")
    parser.add_argument("--environment", action="append", help="only this environment (repeatable)")
    parser.add_argument(
        "--tier", action="append", help="only environments of this tier (repeatable)"
    )
    parser.add_argument(
        "--at",
        type=parse_timestamp,
        metavar="TIME",
        help="state at this time, such as 2026-11-20T09:30:00Z (default: now)",
    )


def show_current_state(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each service and environment."""
    from gatepost_client.models import Tier  # noqa: PLC0415

    state = context.gatepost.get_current_state(
        service=arguments.service,
        environment=arguments.environment,
        tier=arguments.tier and [*map(Tier, arguments.tier)],
        at=arguments.at,
    )
    context.answer(table(_HEADINGS, map(_row, state.cells)))
    return ExitCode.SUCCESS


def _row(cell: Cell) -> tuple[str | None, ...]:
    return (
        cell.service,
        cell.environment,
        cell.version,
        format_instant(cell.deployed_at),
        cell.deployed_by,
        cell.age,
        _next_deployment(cell),
    )


def _next_deployment(cell: Cell) -> str | None:
    in_progress, rollback = cell.in_progress, cell.rolling_back_to
    is_rollback = in_progress and rollback and in_progress.number == rollback.number
    parts = []
    if in_progress and not is_rollback:
        parts.append(f"{in_progress.number} {in_progress.version} {in_progress.status}")
    if rollback:
        has_started = is_rollback and in_progress and in_progress.status == "started"
        version = rollback.version
        text = f"rolling back to {version}" if has_started else f"rollback to {version} requested"
        parts.append(f"{text} ({rollback.number})")
    return ", ".join(parts) or None


COMMAND: Final = Command(
    name="current",
    summary="show the current version of each service in each environment",
    add_arguments=add_arguments,
    run=show_current_state,
)
