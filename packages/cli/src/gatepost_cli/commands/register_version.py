"""`gatepost version`: register a version of a service, so that it can be deployed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_ALREADY_REGISTERED: Final = "version_exists"
"""The error code of the server if the version already exists."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the version and its origin."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument(
        "version", metavar="VERSION", help="name of the version, which cannot be changed"
    )
    parser.add_argument("--commit", metavar="SHA", help="commit it was built from")
    parser.add_argument("--artifact-digest", metavar="DIGEST", help="digest of the built artifact")
    parser.add_argument("--notes", metavar="TEXT", help="further notes")
    parser.add_argument(
        "--known-is-fine",
        action="store_true",
        help="succeed if the version is already registered, for pipelines that run again",
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
    context.answer(f"{version} is registered.")
    return ExitCode.SUCCESS


COMMAND: Final = Command(
    name="version",
    summary="register a version of a service",
    add_arguments=add_arguments,
    run=register_version,
)
