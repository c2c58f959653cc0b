"""`gatepost audit`: verify the stored data, export deployments and events, get checkpoints."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from gatepost_cli.core.arguments import add_no_arguments, parse_timestamp
from gatepost_cli.core.command import Command, CommandGroup, UsageError
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Fault, Verification

_TIMEOUT_S: Final = 660
"""How long to wait for a verification, which the server itself ends after ten minutes."""


def verify(context: Context, _: Namespace) -> ExitCode:
    """Verify the stored data; write the faults or, if there are none, what was verified."""
    verification = context.gatepost.verify_record()
    context.answer("\n".join(_describe(verification)))
    return ExitCode.SUCCESS if verification.ok else ExitCode.FAULTS


def print_checkpoint(context: Context, _: Namespace) -> ExitCode:
    """Write a checkpoint exactly as the server signed it."""
    checkpoint = context.gatepost.get_checkpoint()
    context.answer(checkpoint.rstrip("\n"), json={"checkpoint": checkpoint})
    return ExitCode.SUCCESS


def export(context: Context, arguments: Namespace) -> ExitCode:
    """Write the export to a file or to standard output as it arrives."""
    from gatepost_client import open_export  # noqa: PLC0415
    from gatepost_client.models import ExportFormat  # noqa: PLC0415

    if arguments.output is None and arguments.format == "zip" and sys.stdout.isatty():
        raise UsageError("an archive is not written to a terminal; add --output FILE")
    stream = open_export(
        context.gatepost,
        since=arguments.since,
        until=arguments.until,
        service=arguments.service,
        environment=arguments.environment,
        format_=ExportFormat(arguments.format),
    )
    with stream as chunks, _open_destination(arguments.output) as file:
        for chunk in chunks:
            file.write(chunk)
    if arguments.output is not None:
        written = {"file": str(arguments.output)}
        context.answer(f"{arguments.output} has been written.", json=written)
    return ExitCode.SUCCESS


def _describe(verification: Verification) -> Iterator[str]:
    yield from map(_describe_fault, (*verification.faults, *verification.notices))
    if verification.ok:
        yield (
            f"Verified {verification.events} events: the log is intact, and everything stored "
            "matches it."
        )
        return
    count = len(verification.faults)
    yield f"{count} {'fault' if count == 1 else 'faults'} found."


def _describe_fault(fault: Fault) -> str:
    place = fault.table if fault.field is None else f"{fault.table}.{fault.field}"
    return f"{fault.subject} ({place}): {fault.detail}"


@contextmanager
def _open_destination(path: Path | None) -> Generator[BinaryIO]:
    """Open the file for writing; it appears under its name only once it is complete."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _add_export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=["jsonl", "csv", "zip"],
        default="jsonl",
        help="jsonl or csv, which `gatepost import` reads, or a zip archive with the events, "
        "their proofs and an offline verifier (default: %(default)s)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="file to write (default: standard output)"
    )
    parser.add_argument(
        "--since",
        type=parse_timestamp,
        help="only what was deployed (or, if never deployed, requested) at or after this time",
    )
    parser.add_argument(
        "--until",
        type=parse_timestamp,
        help="only what was deployed (or, if never deployed, requested) before this time",
    )
    for name in ("service", "environment"):
        parser.add_argument(f"--{name}", action="append", help=f"only this {name} (repeatable)")


GROUP: Final = CommandGroup(
    name="audit",
    summary="verify the stored data, and export deployments (for auditors)",
    commands=(
        Command(
            name="verify",
            summary="verify the event log, and compare all stored data with it",
            add_arguments=add_no_arguments,
            run=verify,
            timeout_s=_TIMEOUT_S,
        ),
        Command(
            name="export",
            summary="export deployments as JSON lines, as CSV or as an archive with proofs",
            add_arguments=_add_export_arguments,
            run=export,
            timeout_s=60,
        ),
        Command(
            name="checkpoint",
            summary="print a signed checkpoint of the event log",
            add_arguments=add_no_arguments,
            run=print_checkpoint,
        ),
    ),
)
