"""`gatepost inbox`: the deployments that are waiting for your review."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import PendingReview

_HEADINGS: Final = (
    "number",
    "service",
    "version",
    "environment",
    "stage",
    "requester",
    "requested",
    "would be dependent",
)


def show_inbox(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each deployment that the caller can review now."""
    deployments, document = context.fetch_all(context.gatepost.list_inbox)
    context.answer(table(_HEADINGS, map(_row, deployments)), json=document)
    return ExitCode.SUCCESS


def _row(deployment: PendingReview) -> tuple[str | None, ...]:
    return (
        deployment.number,
        deployment.service,
        deployment.version,
        deployment.environment,
        _stage(deployment),
        deployment.requester,
        format_instant(deployment.created_at),
        "; ".join(deployment.would_be_dependent) or None,
    )


def _stage(deployment: PendingReview) -> str | None:
    if deployment.after_review is not None:
        return f"after-review ({deployment.after_review.state})"
    return next((stage.name for stage in deployment.review.stages if not stage.satisfied), None)


COMMAND: Final = Command(
    name="inbox",
    summary="list the deployments waiting for your review, oldest first",
    add_arguments=add_no_arguments,
    run=show_inbox,
)
