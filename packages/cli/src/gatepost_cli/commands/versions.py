"""`gatepost version`: list, show and register the versions of services."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.shared_settings_input_output import answer_with_last_response
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_HEADINGS: Final = ("version", "registered", "by", "commit")

_ALREADY_REGISTERED: Final = "version_exists"
"""The server's error code for a version that already exists."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the version and its origin."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument(
        "version", metavar="VERSION", help="name of the version; it cannot be changed later"
    )
    parser.add_argument("--commit", metavar="SHA", help="commit from which the version was built")
    parser.add_argument("--artifact-digest", metavar="DIGEST", help="digest of the built artifact")
    parser.add_argument("--notes", metavar="TEXT", help="further notes")
    parser.add_argument(
        "--known-is-fine",
        action="store_true",
        help="also succeed if the version is already registered, for pipelines that run again",
    )


def register_version(context: Context, arguments: Namespace) -> ExitCode:
    """Register the version."""
    from gatepost_client import GatepostProblem  # noqa: PLC0415
    from gatepost_client.models import VersionCreate  # noqa: PLC0415

    body = VersionCreate(
        version=arguments.version,
        commit_sha=arguments.commit,
        artifact_digest=arguments.artifact_digest,
        notes=arguments.notes,
    )
    version = f"{arguments.service} {arguments.version}"
    try:
        context.gatepost.register_version(arguments.service, body)
    except GatepostProblem as problem:
        if problem.code != _ALREADY_REGISTERED or not arguments.known_is_fine:
            raise
        context.answer(f"{version} is already registered.")
        return ExitCode.SUCCESS
    context.answer(f"{version} has been registered.")
    return ExitCode.SUCCESS


def list_versions(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each version of a service, newest first."""
    versions, document = context.fetch_all(context.gatepost.list_versions, arguments.service)
    rows = (
        (each.version, format_instant(each.created_at), each.created_by, each.commit_sha)
        for each in versions
    )
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def show_version(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of a version."""
    context.gatepost.get_version(arguments.service, arguments.version)
    return answer_with_last_response(context)


def _add_service(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")


def _add_version(parser: ArgumentParser) -> None:
    _add_service(parser)
    parser.add_argument("version", metavar="VERSION")


_ADD: Final = Command(
    name="add",
    summary="register a version of a service, so that it can be deployed",
    add_arguments=add_arguments,
    run=register_version,
)

GROUP: Final = CommandGroup(
    name="version",
    summary="list, show and add versions; `version SERVICE VERSION` adds one",
    commands=(
        Command(
            name="list",
            summary="list the versions of a service, newest first",
            add_arguments=_add_service,
            run=list_versions,
        ),
        Command(
            name="show", summary="show a version", add_arguments=_add_version, run=show_version
        ),
        _ADD,
    ),
    default=_ADD,
)
