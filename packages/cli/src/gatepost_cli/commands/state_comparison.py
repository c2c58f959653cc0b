"""`gatepost diff`: the versions that differ between two times or environments."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import CellDifference

_HEADINGS: Final = ("service", "environment", "from", "to", "difference")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the two states to compare and for the filters."""
    parser.add_argument(
        "before",
        metavar="FROM",
        help="a time such as 2026-11-20T09:30:00Z, an environment, or both, as in "
        "staging@2026-11-20T09:30:00Z",
    )
    parser.add_argument(
        "after",
        metavar="TO",
        nargs="?",
        help="what to compare FROM with, in the same form as FROM (default: now)",
    )
    parser.add_argument("--service", action="append", help="only this service (repeatable)")
    parser.add_argument("--environment", action="append", help="only this environment (repeatable)")
    parser.add_argument(
        "--tier", action="append", help="only environments of this tier (repeatable)"
    )


def show_differences(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each service and environment in which the two states differ."""
    from gatepost_client.models import Tier  # noqa: PLC0415

    differences = context.gatepost.compare_current_state(
        from_=arguments.before,
        to=arguments.after,
        service=arguments.service,
        environment=arguments.environment,
        tier=arguments.tier and [*map(Tier, arguments.tier)],
    )
    context.answer(table(_HEADINGS, map(_row, differences.cells)))
    return ExitCode.SUCCESS


def _row(entry: CellDifference) -> tuple[str | None, ...]:
    return (
        entry.service,
        entry.environment,
        None if entry.from_ is None else entry.from_.version,
        None if entry.to is None else entry.to.version,
        entry.difference,
    )


COMMAND: Final = Command(
    name="diff",
    summary="show the versions that differ between two times or environments",
    add_arguments=add_arguments,
    run=show_differences,
)
