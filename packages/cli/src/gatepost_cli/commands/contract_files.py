"""`gatepost contracts`: the generated Terraform, Kubernetes and pipeline files of a service."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from gatepost_cli.core.command import Command, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the service and the destination."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="write the files to this folder, such as the root of a repository",
    )


def list_and_write_contracts(context: Context, arguments: Namespace) -> ExitCode:
    """List the files with their digests. With `--output`, also write the files."""
    contracts = context.gatepost.get_contracts(arguments.service)
    listing = context.last_response
    if arguments.output is not None:
        count = _write_files(context, arguments.service, arguments.output)
        output.write_message(f"Files written to {arguments.output}: {count}")
    rows = ((file.path, file.digest) for file in contracts.files)
    context.answer(table(("path", "sha-256"), rows), json=listing)
    return ExitCode.SUCCESS


def _write_files(context: Context, service: str, folder: Path) -> int:
    """Write the files in the archive and return how many were written.

    Raises:
        UsageError: a path leads outside the folder, or a file cannot be written.
    """
    root = folder.resolve()
    with ZipFile(context.gatepost.get_contracts_zip(service).payload) as archive:
        for name in archive.namelist():
            path = (root / name).resolve()
            if root not in path.parents:
                raise UsageError(f"the server sent a path outside {folder}: {name}")
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(name))
            except OSError as error:
                raise UsageError(f"cannot write {path}: {error.strerror}") from error
        return len(archive.namelist())


COMMAND: Final = Command(
    name="contracts",
    summary="list the contracts of a service, or write them to a folder",
    add_arguments=add_arguments,
    run=list_and_write_contracts,
)
