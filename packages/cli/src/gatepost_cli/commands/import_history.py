"""`gatepost import`: record what happened elsewhere from a file, all rows or none."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from gatepost_cli import terminal
from gatepost_cli.exits import Exit
from gatepost_cli.word import BadUsage, Word

if TYPE_CHECKING:
    from gatepost_cli.call import Call

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
}
_MEGABYTE: Final = 1_000_000
_PART_BYTES: Final = 64 * 1024


def arguments(parser: ArgumentParser) -> None:
    """Which file, and what is to be made of names that are not known."""
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="a .csv file with the columns service, environment, version, deployed_at and, if "
        "known, deployed_by, notes, external_id; or an .ndjson file with these fields",
    )
    parser.add_argument(
        "--create-missing",
        action="store_true",
        help="make services, versions and environments that are not known yet",
    )


class Metered:
    """A file that shows how much of it has been read."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._read = 0

    def __iter__(self) -> Iterator[bytes]:
        """In parts; httpx2 takes nothing that cannot be gone through, and then reads."""
        while part := self.read(_PART_BYTES):
            yield part

    def read(self, size: int = -1) -> bytes:
        """The next part."""
        part = self._file.read(size)
        self._read += len(part)
        if part:
            terminal.progress(
                self._read / self._size,
                f"{self._read / _MEGABYTE:.1f} of {self._size / _MEGABYTE:.1f} MB sent",
            )
        else:
            terminal.progress(1.0, "sent; being taken in")
        return part


def import_history(call: Call, given: Namespace) -> Exit:
    """Answer with what became of the rows; show on a terminal how far it is."""
    from gatepost_client.types import File  # noqa: PLC0415

    kind = MEDIA_TYPES.get(given.file.suffix.lower())
    if kind is None:
        raise BadUsage(f"{given.file} is none of {', '.join(MEDIA_TYPES)}")
    try:
        with given.file.open("rb") as rows:
            metered = cast("BinaryIO", Metered(rows, max(1, given.file.stat().st_size)))
            try:
                result = call.gatepost.import_history(
                    File(payload=metered, mime_type=kind),
                    create_missing=given.create_missing or None,
                )
            finally:
                terminal.end_progress()
    except OSError as error:
        raise BadUsage(f"cannot read {given.file}: {error.strerror}") from error
    made = (
        f"{result.services_created} services, {result.environments_created} environments and "
        f"{result.versions_created} versions made."
    )
    known = f"{result.repeated} known already, {result.differing} of them told otherwise"
    call.answer(f"{result.imported} imported, {known}; {made}", exactly=call.heard)
    return Exit.DONE


WORD: Final = Word(
    name="import",
    meaning="record what happened elsewhere from a file",
    arguments=arguments,
    run=import_history,
    patience_s=600,
)
