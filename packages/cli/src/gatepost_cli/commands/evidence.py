"""`gatepost evidence`: everything about a deployment, for an auditor to keep and verify."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gatepost_cli.exits import Exit
from gatepost_cli.word import BadUsage, Word, takes_a_deployment

if TYPE_CHECKING:
    from gatepost_cli.call import Call


def arguments(parser: ArgumentParser) -> None:
    """Of which deployment, and where to."""
    takes_a_deployment(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the zip archive to write; DEP-42-evidence.zip unless told otherwise",
    )


def evidence(call: Call, given: Namespace) -> Exit:
    """Write the archive; with `--json`, answer with the document, and write only where told to."""
    if call.as_json:
        call.gatepost.get_deployment_evidence(given.deployment)
        exactly = call.heard
        if given.output is not None:
            _write(call, given.deployment, given.output)
        call.answer("", exactly=exactly)
        return Exit.DONE
    file = given.output or Path(f"{given.deployment}-evidence.zip")
    _write(call, given.deployment, file)
    call.answer(f"{file}: unpack it, and verify it with python3 verify.py", exactly=None)
    return Exit.DONE


def _write(call: Call, deployment: str, file: Path) -> None:
    archive = call.gatepost.get_deployment_evidence_zip(deployment)
    try:
        file.write_bytes(archive.payload.read())
    except OSError as error:
        raise BadUsage(f"cannot write {file}: {error.strerror}") from error


WORD: Final = Word(
    name="evidence",
    meaning="write everything about a deployment into a file that can be verified offline",
    arguments=arguments,
    run=evidence,
)
