"""`gatepost contracts`: the Terraform, Kubernetes and pipeline files of a service."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from gatepost_cli import terminal
from gatepost_cli.exits import Exit
from gatepost_cli.layout import table
from gatepost_cli.word import BadUsage, Word

if TYPE_CHECKING:
    from gatepost_cli.call import Call


def arguments(parser: ArgumentParser) -> None:
    """Whose contracts, and where to."""
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="write them there, as in a repository's root; without it they are listed",
    )


def contracts(call: Call, given: Namespace) -> Exit:
    """Answer with the paths and digests; with `--output`, write the files as well."""
    made = call.gatepost.get_contracts(given.service)
    exactly = call.heard
    if given.output is not None:
        files = _write(call, given.service, given.output)
        terminal.tell(f"{files} files written to {given.output}")
    listed = table(("path", "sha-256"), ((file.path, file.digest) for file in made.files))
    call.answer(listed, exactly=exactly)
    return Exit.DONE


def _write(call: Call, service: str, folder: Path) -> int:
    """Write what the server generates, and nothing outside of the folder."""
    root = folder.resolve()
    with ZipFile(call.gatepost.get_contracts_zip(service).payload) as archive:
        for name in archive.namelist():
            place = (root / name).resolve()
            if root not in place.parents:
                raise BadUsage(f"the server names a file outside of {folder}: {name}")
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(name))
            except OSError as error:
                raise BadUsage(f"cannot write {place}: {error.strerror}") from error
        return len(archive.namelist())


WORD: Final = Word(
    name="contracts",
    meaning="show the contracts of a service, or write them into a folder",
    arguments=arguments,
    run=contracts,
)
