"""`gatepost ingest`: the systems that report deployments, and their deliveries."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command, CommandGroup, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import IngestDelivery, IngestSource, ProtectionAnswer

SOURCES: Final = ("github", "gitlab", "cdevents", "argocd", "generic")
_STATES: Final = ("applied", "ignored", "failed")
SECRET_VARIABLE: Final = "GATEPOST_INGEST_SECRET"  # noqa: S105  # the name of a variable
_HEADINGS: Final = ("id", "source", "event", "received", "state", "deployment", "reason")


def set_source(context: Context, arguments: Namespace) -> ExitCode:
    """Set up a source, or replace its settings."""
    from gatepost_client.models import IngestSourcePut  # noqa: PLC0415

    settings = {} if arguments.settings is None else _read_settings(arguments.settings)
    for name in ("environment_map", "service_map"):
        entries = dict(getattr(arguments, name) or ())
        if entries:
            settings[name] = {**settings.get(name, {}), **entries}
    if arguments.create_missing:
        settings["create_missing"] = True
    if (secret := _read_secret(arguments)) is not None:
        settings["secret"] = secret
    source = context.gatepost.put_ingest_source(
        arguments.source, IngestSourcePut.from_dict(settings)
    )
    context.answer(
        f"{source.source} is set up. Its deliveries go to {source.url} on this server, signed "
        "with the secret."
    )
    return ExitCode.SUCCESS


def list_sources(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each source."""
    sources = context.gatepost.list_ingest_sources()
    headings = ("source", "url", "signature", "header", "changed", "by")
    context.answer(table(headings, map(_source_row, sources.items)))
    return ExitCode.SUCCESS


def remove_source(context: Context, arguments: Namespace) -> ExitCode:
    """Remove a source and its secret."""
    source = context.gatepost.remove_ingest_source(arguments.source)
    context.answer(f"{source.source} has been removed. Its deliveries are now refused.")
    return ExitCode.SUCCESS


def list_deliveries(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each delivery, newest first."""
    from gatepost_client.models import IngestSourceKind, IngestState  # noqa: PLC0415

    sources = [IngestSourceKind(source) for source in arguments.source or ()]
    states = [IngestState(state) for state in arguments.state or ()]
    deliveries, document = context.fetch_all(
        context.gatepost.list_ingest_deliveries, source=sources, state=states
    )
    context.answer(table(_HEADINGS, map(_delivery_row, deliveries)), json=document)
    return ExitCode.SUCCESS


def show_delivery(context: Context, arguments: Namespace) -> ExitCode:
    """Write a delivery with its payload."""
    delivery = context.gatepost.get_ingest_delivery(arguments.delivery)
    kept = delivery.payload is not None
    fields = {
        "id": str(delivery.id),
        "source": str(delivery.source),
        "delivery id": delivery.delivery_id,
        "event": delivery.event,
        "received": format_instant(delivery.received_at),
        "state": str(delivery.state),
        "reason": delivery.reason,
        "deployment": ", ".join(each.number for each in delivery.deployments) or None,
        "attempts": str(delivery.attempts),
        "replayed": format_instant(delivery.replayed_at),
        "replayed by": delivery.replayed_by,
        **_answer_fields(delivery.protection_answer),
        "payload": delivery.payload if kept else "no longer kept",
    }
    context.answer(format_key_values(fields))
    return ExitCode.SUCCESS


def _answer_fields(answer: ProtectionAnswer | None) -> dict[str, str | None]:
    """Return the fields that describe the answer to a waiting GitHub job."""
    if answer is None:
        return {}
    verdict = "" if answer.verdict is None else f", {answer.verdict}"
    return {
        "answer": f"{answer.state}{verdict}",
        "answer attempts": str(answer.attempts),
        "answer fault": answer.detail,
        "answer sent": format_instant(answer.ended_at),
    }


def replay(context: Context, arguments: Namespace) -> ExitCode:
    """Process a delivery again with the current settings."""
    delivery = context.gatepost.replay_ingest_delivery(arguments.delivery)
    if str(delivery.state) == "applied":
        numbers = ", ".join(each.number for each in delivery.deployments)
        context.answer(f"The delivery has been applied: {numbers}.")
        return ExitCode.SUCCESS
    context.answer(f"Result of the delivery: {delivery.state}. {delivery.reason}")
    return ExitCode.REPLAY_FAILED if str(delivery.state) == "failed" else ExitCode.SUCCESS


def _read_settings(path: str) -> dict[str, Any]:
    """Return the settings in a JSON file or on standard input.

    Raises:
        UsageError: the file cannot be read, or is not a JSON object.
    """
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        settings = json.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError(f"The settings cannot be read: {error}") from error
    if not isinstance(settings, dict):
        raise UsageError("The settings must be a JSON object.")
    return cast("dict[str, Any]", settings)


def _read_secret(arguments: Namespace) -> str | None:
    """Return the secret from its file or variable, or None to keep the stored secret.

    Raises:
        UsageError: the file cannot be read.
    """
    if arguments.secret_file is None:
        return os.environ.get(SECRET_VARIABLE) or None
    try:
        return Path(arguments.secret_file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise UsageError(f"The secret cannot be read: {error}") from error


def _source_row(source: IngestSource) -> tuple[str | None, ...]:
    return (
        str(source.source),
        source.url,
        str(source.signature),
        source.signature_header,
        format_instant(source.changed_at),
        source.changed_by,
    )


def _delivery_row(delivery: IngestDelivery) -> tuple[str | None, ...]:
    return (
        str(delivery.id),
        str(delivery.source),
        delivery.event,
        format_instant(delivery.received_at),
        str(delivery.state),
        ", ".join(each.number for each in delivery.deployments),
        delivery.reason,
    )


def _parse_entry(text: str) -> tuple[str, str | None]:
    """Return the name and the value of `NAME=VALUE`; an empty value is None."""
    name, separator, value = text.rpartition("=")
    if not separator or not name:
        raise ValueError(text)
    return name, value or None


def _add_source(parser: ArgumentParser) -> None:
    parser.add_argument("source", choices=SOURCES, help="the source")


def _add_settings(parser: ArgumentParser) -> None:
    _add_source(parser)
    parser.add_argument(
        "--secret-file",
        metavar="FILE",
        help=f"file with the secret (default: ${SECRET_VARIABLE}, or else the stored secret)",
    )
    parser.add_argument(
        "--environment-map",
        metavar="NAME=ENVIRONMENT",
        action="append",
        type=_parse_entry,
        help="environment to use for NAME in payloads (repeatable); with an empty value, "
        "deployments to NAME are ignored",
    )
    parser.add_argument(
        "--service-map",
        metavar="NAME=SERVICE",
        action="append",
        type=_parse_entry,
        help="service to use for NAME, a repository (owner/name) or another name in payloads "
        "(repeatable)",
    )
    parser.add_argument(
        "--create-missing",
        action="store_true",
        help="register versions that do not exist yet",
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="JSON file with the settings, which replace the stored ones; - for standard input",
    )


def _add_filters(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--source",
        choices=SOURCES,
        action="append",
        help="only deliveries from this source (repeatable)",
    )
    parser.add_argument(
        "--state",
        choices=_STATES,
        action="append",
        help="only deliveries in this state (repeatable)",
    )


def _add_delivery_argument(parser: ArgumentParser) -> None:
    parser.add_argument("delivery", metavar="ID", help="id of the delivery")


def _commands() -> Iterable[Command]:
    yield Command(
        name="set",
        summary="set up a source, or replace its settings (for admins)",
        add_arguments=_add_settings,
        run=set_source,
    )
    yield Command(
        name="list",
        summary="list the sources that are set up",
        add_arguments=add_no_arguments,
        run=list_sources,
    )
    yield Command(
        name="remove",
        summary="remove a source and its secret (for admins)",
        add_arguments=_add_source,
        run=remove_source,
    )
    yield Command(
        name="deliveries",
        summary="list deliveries and their results, newest first",
        add_arguments=_add_filters,
        run=list_deliveries,
    )
    yield Command(
        name="show",
        summary="show a delivery with its payload (for admins)",
        add_arguments=_add_delivery_argument,
        run=show_delivery,
    )
    yield Command(
        name="replay",
        summary="process a delivery again with the current settings (for admins)",
        add_arguments=_add_delivery_argument,
        run=replay,
    )


GROUP: Final = CommandGroup(
    name="ingest",
    summary="receive deployments from GitHub, GitLab, Argo CD and other systems",
    commands=tuple(_commands()),
)
