"""`gatepost workers`: which workers are alive, and what they are executing."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Worker

_HEADINGS: Final = ("name", "state", "version", "last seen", "deployments")


def list_workers(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each worker that was seen within the last hour."""
    workers = context.gatepost.list_workers()
    context.answer_table(_HEADINGS, map(_row, workers.items))
    return ExitCode.SUCCESS


def _row(worker: Worker) -> tuple[str | None, ...]:
    claims = (
        f"{claim.number} (lease until {format_instant(claim.lease_until)})"
        for claim in worker.claims
    )
    return (
        worker.name,
        worker.state,
        worker.version,
        format_instant(worker.last_seen_at),
        ", ".join(claims),
    )


COMMAND: Final = Command(
    name="workers",
    summary="list the workers and the deployments that they are executing",
    add_arguments=add_no_arguments,
    run=list_workers,
)
