"""`gatepost record`: record a deployment that happened outside Gatepost."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import parse_timestamp
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for what was deployed, where and when."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("version", metavar="VERSION", help="registered version of the service")
    parser.add_argument(
        "--in",
        required=True,
        dest="environment",
        metavar="ENVIRONMENT",
        help="environment to which the version was deployed",
    )
    parser.add_argument(
        "--at",
        type=parse_timestamp,
        metavar="TIME",
        help="time of the deployment, such as 2026-11-20T09:30:00Z (default: now)",
    )
    parser.add_argument("--by", metavar="NAME", help="who deployed it (default: you)")
    parser.add_argument("--notes", metavar="TEXT", help="further notes")
    parser.add_argument(
        "--external-id",
        metavar="ID",
        help="id in the system that performed the deployment; recording the same id again creates "
        "no second record",
    )


def record_deployment(context: Context, arguments: Namespace) -> ExitCode:
    """Record the deployment and write its number."""
    from gatepost_client.models import RecordCreate  # noqa: PLC0415

    record = context.gatepost.record_deployment(
        RecordCreate(
            service=arguments.service,
            environment=arguments.environment,
            version=arguments.version,
            deployed_at=arguments.at,
            deployed_by=arguments.by,
            notes=arguments.notes,
            external_id=arguments.external_id,
        )
    )
    context.answer(
        f"{record.number}: {record.service} {record.version} "
        f"deployed to {record.environment} at {format_instant(record.deployed_at)}."
    )
    return ExitCode.SUCCESS


COMMAND: Final = Command(
    name="record",
    summary="record a deployment that happened outside Gatepost",
    add_arguments=add_arguments,
    run=record_deployment,
)
