"""`gatepost evidence`: everything about a deployment, in a form that can be verified offline."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command, UsageError
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the deployment and the destination."""
    add_deployment_argument(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="zip archive to write (default: named after the deployment, such as "
        "DEP-42-evidence.zip); with --json, written only if this option is given",
    )


def export_evidence(context: Context, arguments: Namespace) -> ExitCode:
    """Write the archive to a file.

    With `--json`, print the document, and write the archive only if `--output` is given.
    """
    if context.as_json:
        context.gatepost.get_deployment_evidence(arguments.deployment)
        document = context.last_response
        if arguments.output is not None:
            _write_archive(context, arguments.deployment, arguments.output)
        context.answer("", json=document)
        return ExitCode.SUCCESS
    file = arguments.output or Path(f"{arguments.deployment}-evidence.zip")
    _write_archive(context, arguments.deployment, file)
    context.answer(
        f"{file} has been written. To verify it, unpack it and run: "
        "python3 verify.py --public-key KEY"
    )
    return ExitCode.SUCCESS


def _write_archive(context: Context, deployment: str, file: Path) -> None:
    archive = context.gatepost.get_deployment_evidence_zip(deployment)
    try:
        file.write_bytes(archive.payload.read())
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error


COMMAND: Final = Command(
    name="evidence",
    summary="export the evidence of a deployment to a file that can be verified offline",
    add_arguments=add_arguments,
    run=export_evidence,
)
