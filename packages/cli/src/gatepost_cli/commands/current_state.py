"""`gatepost current`: what stands in each service and environment, now or then."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, table
from gatepost_cli.word import Word, an_instant

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import Cell


def arguments(parser: ArgumentParser) -> None:
    """Each filter may be given several times and then holds any of its values."""
    parser.add_argument("--service", action="append", help="of this service")
    parser.add_argument("--environment", action="append", help="in this environment")
    parser.add_argument("--tier", action="append", help="in environments of this tier")
    parser.add_argument(
        "--at", type=an_instant, metavar="TIME", help="what stood then: 2026-11-20T09:30:00Z (now)"
    )


def current(call: Call, given: Namespace) -> Exit:
    """Answer with a line for each cell."""
    from gatepost_client.models import Tier  # noqa: PLC0415

    state = call.gatepost.get_current_state(
        service=given.service,
        environment=given.environment,
        tier=given.tier and [*map(Tier, given.tier)],
        at=given.at,
    )
    headings = ("service", "environment", "version", "deployed", "by", "age", "in progress")
    call.answer(table(headings, map(_line, state.cells)), exactly=call.heard)
    return Exit.DONE


def _line(cell: Cell) -> tuple[str | None, ...]:
    coming = cell.in_progress
    return (
        cell.service,
        cell.environment,
        cell.version,
        instant(cell.deployed_at),
        cell.deployed_by,
        cell.age,
        None if coming is None else f"{coming.number} {coming.version} {coming.status}",
    )


WORD: Final = Word(
    name="current",
    meaning="show what stands where",
    arguments=arguments,
    run=current,
)
