"""`gatepost list`: deployments, newest first."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Deployment

_HEADINGS: Final = (
    "number",
    "status",
    "review",
    "service",
    "version",
    "environment",
    "requester",
    "requested",
)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the filters. A repeated filter matches any of its values."""
    from gatepost_client.models import DeploymentKind, DeploymentStatus, Tier  # noqa: PLC0415

    filters = {
        "service": "only this service",
        "environment": "only this environment",
        "tier": f"only environments of this tier: {', '.join(Tier)}",
        "status": f"only this status: {', '.join(DeploymentStatus)}",
        "review": "only this review label: requested, approved_by_<stage>, approved_by_policy, "
        "break_glass, executed, rejected",
        "kind": f"only this kind: {', '.join(DeploymentKind)}",
        "requester": "only this requester",
        "version": "only this version",
        "work-reference": "only deployments with this work reference, such as SHOP-812",
        "commit": "only versions built from this commit; the first 7 or more digits are enough",
        "reviewer": "only deployments with a valid approval or a rejection by this user",
        "external-id": "only the record with this id in the system that reported it",
    }
    for name, description in filters.items():
        parser.add_argument(f"--{name}", action="append", help=f"{description} (repeatable)")
    parser.add_argument(
        "-q",
        "--search",
        metavar="WORDS",
        help="only deployments with all of these words in the number, service, version, requester, "
        "work references or notes",
    )
    parser.add_argument("--limit", type=int, help="page size, from 1 to 200 (default: 50)")
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--cursor", help="cursor of the next page; use it with the same filters")
    pages.add_argument("--all", action="store_true", help="list all pages instead of one")


def list_deployments(context: Context, arguments: Namespace) -> ExitCode:
    """Write one page of deployments and the cursor for the next page, or all deployments."""
    from gatepost_client.models import DeploymentKind, DeploymentStatus, Tier  # noqa: PLC0415

    list_page = partial(
        context.gatepost.list_deployments,
        service=arguments.service,
        environment=arguments.environment,
        tier=arguments.tier and [*map(Tier, arguments.tier)],
        status=arguments.status and [*map(DeploymentStatus, arguments.status)],
        review=arguments.review,
        kind=arguments.kind and [*map(DeploymentKind, arguments.kind)],
        requester=arguments.requester,
        version=arguments.version,
        work_reference=arguments.work_reference,
        commit=arguments.commit,
        reviewer=arguments.reviewer,
        external_id=arguments.external_id,
        q=arguments.search,
        limit=arguments.limit,
    )
    if arguments.all:
        deployments, document = context.fetch_all(list_page)
        context.answer_table(_HEADINGS, map(_row, deployments), json=document)
        return ExitCode.SUCCESS
    page = list_page(cursor=arguments.cursor)
    context.answer_table(_HEADINGS, map(_row, page.items))
    if page.next_cursor is not None and not context.as_json:
        output.write_message(f"More deployments: --cursor {page.next_cursor}")
    return ExitCode.SUCCESS


def _row(deployment: Deployment) -> tuple[str | None, ...]:
    return (
        deployment.number,
        deployment.status,
        deployment.review.label,
        deployment.service,
        deployment.version,
        deployment.environment,
        deployment.requester,
        format_instant(deployment.created_at),
    )


COMMAND: Final = Command(
    name="list",
    summary="list deployments, newest first",
    add_arguments=add_arguments,
    run=list_deployments,
)
