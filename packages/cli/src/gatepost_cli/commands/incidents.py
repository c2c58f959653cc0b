"""`gatepost incident`: report, list, resolve and link incidents."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import parse_timestamp
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Incident

_HEADINGS: Final = ("id", "service", "environment", "started", "resolved", "cause", "title")
_NO_DEPLOYMENT: Final = "none"


def open_incident(context: Context, arguments: Namespace) -> ExitCode:
    """Report an incident and write its id."""
    from gatepost_client.models import IncidentCreate  # noqa: PLC0415

    incident = context.gatepost.open_incident(
        IncidentCreate(
            service=arguments.service,
            environment=arguments.environment,
            title=arguments.title,
            external_id=arguments.external_id,
            url=arguments.page_url,
            started_at=arguments.started,
            detected_at=arguments.detected,
            resolved_at=arguments.resolved,
            caused_by=arguments.caused_by,
        )
    )
    context.answer(str(incident.id))
    return ExitCode.SUCCESS


def list_incidents(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each incident, most recently reported first."""
    incidents, document = context.fetch_all(
        context.gatepost.list_incidents,
        service=arguments.service,
        environment=arguments.environment,
        open_=arguments.open or None,
    )
    context.answer(table(_HEADINGS, map(_row, incidents)), json=document)
    return ExitCode.SUCCESS


def resolve_incident(context: Context, arguments: Namespace) -> ExitCode:
    """Resolve an incident and write when it was resolved."""
    from gatepost_client.models import ResolveBody  # noqa: PLC0415

    body = ResolveBody(resolved_at=arguments.at, note=arguments.note)
    incident = context.gatepost.resolve_incident(arguments.incident, body)
    context.answer(f"{incident.id}: resolved at {format_instant(incident.resolved_at)}.")
    return ExitCode.SUCCESS


def link_incident(context: Context, arguments: Namespace) -> ExitCode:
    """Link an incident to the deployment that caused it."""
    from gatepost_client.models import LinkBody  # noqa: PLC0415

    deployment = None if arguments.deployment == _NO_DEPLOYMENT else arguments.deployment
    body = LinkBody(deployment=deployment, note=arguments.note)
    incident = context.gatepost.link_incident(arguments.incident, body)
    cause = incident.caused_by or "no deployment"
    context.answer(f"{incident.id}: caused by {cause}.")
    return ExitCode.SUCCESS


def _row(incident: Incident) -> tuple[str | None, ...]:
    return (
        str(incident.id),
        incident.service,
        incident.environment,
        format_instant(incident.started_at),
        None if incident.resolved_at is None else format_instant(incident.resolved_at),
        incident.caused_by,
        incident.title,
    )


def _add_open_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("environment", metavar="ENVIRONMENT")
    parser.add_argument("title", metavar="TITLE", help="what happened, in a few words")
    parser.add_argument(
        "--caused-by",
        metavar="DEPLOYMENT",
        help="deployment that caused the incident, such as DEP-42",
    )
    parser.add_argument(
        "--external-id",
        metavar="ID",
        help="id in another system; reporting the same id again does not create another incident",
    )
    parser.add_argument("--page-url", metavar="URL", help="link to the incident in another system")
    for name, text in (
        ("started", "when the service stopped working (default: now)"),
        ("detected", "when the problem was noticed"),
        ("resolved", "when the service was working again"),
    ):
        parser.add_argument(f"--{name}", type=parse_timestamp, metavar="TIME", help=text)


def _add_list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--service", metavar="SERVICE")
    parser.add_argument("--in", dest="environment", metavar="ENVIRONMENT")
    parser.add_argument("--open", action="store_true", help="only unresolved incidents")


def _add_resolve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("incident", metavar="INCIDENT", help="id of the incident")
    parser.add_argument(
        "--at",
        type=parse_timestamp,
        metavar="TIME",
        help="when the incident was resolved (default: now)",
    )
    parser.add_argument("--note", metavar="TEXT", help="additional note to record")


def _add_link_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("incident", metavar="INCIDENT", help="id of the incident")
    parser.add_argument(
        "deployment",
        metavar="DEPLOYMENT",
        help=f"deployment that caused the incident, such as DEP-42, or {_NO_DEPLOYMENT}",
    )
    parser.add_argument(
        "--note", metavar="TEXT", help="explanation of how the cause is known, to be recorded"
    )


GROUP: Final = CommandGroup(
    name="incident",
    summary="report, list and resolve incidents, and name the deployments that caused them",
    commands=(
        Command(
            name="open",
            summary="report an incident and print its id",
            add_arguments=_add_open_arguments,
            run=open_incident,
        ),
        Command(
            name="list",
            summary="list incidents, most recently reported first",
            add_arguments=_add_list_arguments,
            run=list_incidents,
        ),
        Command(
            name="resolve",
            summary="report that the service is working again",
            add_arguments=_add_resolve_arguments,
            run=resolve_incident,
        ),
        Command(
            name="link",
            summary="name the deployment that caused an incident",
            add_arguments=_add_link_arguments,
            run=link_incident,
        ),
    ),
)
