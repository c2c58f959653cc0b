"""`gatepost list`: deployments, the newest first."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli import terminal
from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, table
from gatepost_cli.word import Word

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import Deployment

_FILTERS: Final = {
    "service": "of this service",
    "environment": "in this environment",
    "tier": "in environments of this tier: development, test, staging, production",
    "status": "in this status, such as pending_approval",
    "kind": "of this kind, such as rollback",
    "requester": "asked for by this person",
    "version": "of this version",
}


def arguments(parser: ArgumentParser) -> None:
    """Each filter may be given several times and then holds any of its values."""
    for name, meaning in _FILTERS.items():
        parser.add_argument(f"--{name}", action="append", help=meaning)
    parser.add_argument("--limit", type=int, help="at most so many, up to 200 (50)")
    parser.add_argument("--cursor", help="go on where a list ended, with the same filters")


def list_deployments(call: Call, given: Namespace) -> Exit:
    """Answer with one page; say how to come by the next."""
    from gatepost_client.models import DeploymentKind, DeploymentStatus, Tier  # noqa: PLC0415

    page = call.gatepost.list_deployments(
        service=given.service,
        environment=given.environment,
        tier=given.tier and [*map(Tier, given.tier)],
        status=given.status and [*map(DeploymentStatus, given.status)],
        kind=given.kind and [*map(DeploymentKind, given.kind)],
        requester=given.requester,
        version=given.version,
        limit=given.limit,
        cursor=given.cursor,
    )
    call.answer(_lines(page.items), exactly=call.heard)
    if page.next_cursor is not None and not call.as_json:
        terminal.tell(f"There are more: --cursor {page.next_cursor}")
    return Exit.DONE


def _lines(found: list[Deployment]) -> str:
    headings = ("number", "status", "service", "version", "environment", "requester", "asked")
    return table(
        headings,
        (
            (
                each.number,
                each.status,
                each.service,
                each.version,
                each.environment,
                each.requester,
                instant(each.created_at),
            )
            for each in found
        ),
    )


WORD: Final = Word(
    name="list",
    meaning="list deployments, the newest first",
    arguments=arguments,
    run=list_deployments,
)
