"""`gatepost events`: past or live events, all of them or those of one deployment."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Deployment, Event

_PAGE_SIZE: Final = 200
"""The largest number of events that the API returns on one page."""

_HEADINGS: Final = ("at", "event", "actor", "stage", "note")


def show_events(context: Context, arguments: Namespace) -> ExitCode:
    """Write all events, or those of one deployment, oldest first; with `--follow`, await more."""
    if arguments.follow:
        return follow_events(context, arguments)
    if arguments.deployment is None:
        events, document = context.fetch_all(
            context.gatepost.list_events, after=arguments.after or 0, limit=_PAGE_SIZE
        )
    else:
        events, document = context.fetch_all(
            context.gatepost.list_deployment_events, arguments.deployment, limit=_PAGE_SIZE
        )
    chosen = [event for event in events if _is_chosen(event, arguments)]
    rows = (
        (format_instant(event.at), event.kind, event.actor, event.stage, event.note)
        for event in chosen
    )
    if len(chosen) < len(events):
        document["items"] = [event.to_dict() for event in chosen]
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def follow_events(context: Context, arguments: Namespace) -> ExitCode:
    """Write each event as it happens; for a deployment, write all events until it has ended."""
    deployment, after = None, arguments.after
    if arguments.deployment is not None:
        deployment = context.gatepost.get_deployment(arguments.deployment)
        after = _write_past_events(context, deployment, arguments)
    events = context.gatepost.follow_events(after=after)
    try:
        while deployment is None or not _has_ended(deployment):
            event = next(events)
            if deployment is not None and event.deployment_id != deployment.id:
                continue
            _write_event(context, event, arguments)
            if deployment is not None and event.to_status is not None:
                deployment.status = event.to_status
    finally:
        events.close()
    return ExitCode.SUCCESS


def _write_past_events(context: Context, deployment: Deployment, arguments: Namespace) -> int:
    """Write the events so far, and return the number of the latest event."""
    events, _ = context.fetch_all(
        context.gatepost.list_deployment_events, deployment.number, limit=_PAGE_SIZE
    )
    for event in events:
        _write_event(context, event, arguments)
        if event.to_status is not None:
            deployment.status = event.to_status
    return events[-1].seq if events else 0


def _has_ended(deployment: Deployment) -> bool:
    from gatepost_client.waiting import ENDED  # noqa: PLC0415

    return deployment.status in ENDED


def _is_chosen(event: Event, arguments: Namespace) -> bool:
    """Return whether `--kind` and `--after` allow the event."""
    is_kind = not arguments.kind or event.kind in arguments.kind
    return is_kind and event.seq > (arguments.after or 0)


def _write_event(context: Context, event: Event, arguments: Namespace) -> None:
    if not _is_chosen(event, arguments):
        return
    if context.as_json:  # a line for each event, so that programs can read them one by one
        output.write_result(json.dumps(event.to_dict()))
        return
    parts = (format_instant(event.at), f"{event.seq}", event.kind, event.actor, event.note)
    output.write_result("  ".join(" ".join(part.split()) for part in parts if part))


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "deployment", metavar="DEP-42", nargs="?", help="deployment (default: all events)"
    )
    parser.add_argument(
        "--follow",
        action="store_true",
        help="continue with new events as they happen; for a deployment, until it has ended",
    )
    parser.add_argument(
        "--after",
        type=_parse_seq,
        metavar="SEQ",
        help="only events after the one with this number (default: all; with --follow, only new "
        "ones)",
    )
    parser.add_argument(
        "--kind", action="append", metavar="KIND", help="only this kind of event (repeatable)"
    )


def _parse_seq(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise ArgumentTypeError(f"{text!r} is not an event number")


COMMAND: Final = Command(
    name="events",
    summary="list all events, or those of a deployment, oldest first; --follow for new ones",
    add_arguments=_add_arguments,
    run=show_events,
)
