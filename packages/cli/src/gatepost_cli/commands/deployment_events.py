"""`gatepost events`: the events of a deployment."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_PAGE_SIZE: Final = 200
"""The largest page that the API returns."""


def show_deployment_events(context: Context, arguments: Namespace) -> ExitCode:
    """Write all events of the deployment, oldest first."""
    events, document = context.fetch_all(
        context.gatepost.list_deployment_events, arguments.deployment, limit=_PAGE_SIZE
    )
    rows = (
        (format_instant(event.at), event.kind, event.actor, event.stage, event.note)
        for event in events
    )
    context.answer(table(("at", "event", "actor", "stage", "note"), rows), json=document)
    return ExitCode.SUCCESS


COMMAND: Final = Command(
    name="events",
    summary="list the events of a deployment, oldest first",
    add_arguments=add_deployment_argument,
    run=show_deployment_events,
)
