"""`gatepost import`: record past deployments from a file; either all rows or none are stored."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from gatepost_cli.core.command import Command, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import format_key_values

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import ImportConflict, ImportResult

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".json": "application/json",
}
UNKNOWN_MEDIA_TYPE: Final = "application/octet-stream"
"""The media type of a file whose format the server must detect from its content."""
WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".ods")
STANDARD_INPUT: Final = Path("-")
TIERS: Final = ("production", "staging", "test", "development")
_MEGABYTE: Final = 1_000_000
_CHUNK_BYTES: Final = 64 * 1024


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for the file, and for creating missing services and environments."""
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        help="file with deployments, or - for standard input: CSV (separated by commas, "
        "semicolons or tabs) with the columns service, environment, version, deployed_at and, "
        "optionally, deployed_by, notes, external_id, status, rolled_back_at and kind; or NDJSON "
        "or a JSON array with the same fields; or an export in either format; it can be "
        "compressed with gzip",
    )
    parser.add_argument(
        "--ignore-unknown",
        action="store_true",
        help="ignore unknown columns",
    )
    parser.add_argument(
        "--timezone",
        metavar="NAME",
        help="time zone for times without a UTC offset, such as Europe/Berlin",
    )
    parser.add_argument(
        "--create-missing",
        action="store_true",
        help="create services, versions and environments that do not exist yet",
    )
    parser.add_argument(
        "--tier",
        metavar="NAME=TIER",
        action="append",
        default=[],
        help="tier of a new environment whose name is not a tier itself, as in "
        "prod-us=production (repeatable)",
    )
    parser.add_argument(
        "--on-conflict",
        choices=["refuse", "skip"],
        help="what to do with a row whose external ID belongs to a record with different values: "
        "refuse the file (the default), or skip and list the row",
    )


class FileWithProgressBar:
    """A file that shows a progress bar while it is read."""

    def __init__(self, file: BinaryIO, size: int | None) -> None:
        self._file = file
        self._size = size
        self._bytes_read = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the content in chunks, because httpx2 requires content to be iterable."""
        while chunk := self.read(_CHUNK_BYTES):
            yield chunk

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, and update the progress bar."""
        chunk = self._file.read(size)
        self._bytes_read += len(chunk)
        if chunk and self._size is not None:
            output.show_progress(
                self._bytes_read / self._size,
                f"{self._bytes_read / _MEGABYTE:.1f} of {self._size / _MEGABYTE:.1f} MB sent",
            )
        elif chunk:
            output.show_progress(0.0, f"{self._bytes_read / _MEGABYTE:.1f} MB sent")
        else:
            output.show_progress(1.0, "sent; waiting for the server")
        return chunk


def import_history(context: Context, arguments: Namespace) -> ExitCode:
    """Send the file and write a summary of the import."""
    file = arguments.file
    suffix = file.suffix.lower()
    if suffix in WORKBOOKS:
        raise UsageError(f"{file} is a workbook; save the sheet as CSV UTF-8, and import that file")
    media_type = MEDIA_TYPES.get(suffix, UNKNOWN_MEDIA_TYPE)
    if file == STANDARD_INPUT:
        result = _send(context, FileWithProgressBar(sys.stdin.buffer, None), media_type, arguments)
    else:
        try:
            with file.open("rb") as content:
                progress_file = FileWithProgressBar(content, max(1, file.stat().st_size))
                result = _send(context, progress_file, media_type, arguments)
        except OSError as error:
            raise UsageError(f"cannot read {file}: {error.strerror}") from error
    conflicts = "".join(f"{_describe(conflict)}\n" for conflict in result.conflicts)
    context.answer(conflicts + format_key_values(_summarize(result)))
    return ExitCode.SUCCESS


def _send(
    context: Context, progress_file: FileWithProgressBar, media_type: str, arguments: Namespace
) -> ImportResult:
    from gatepost_client.models import ImportHistoryTiers, OnConflict  # noqa: PLC0415
    from gatepost_client.types import File  # noqa: PLC0415

    payload = cast("BinaryIO", progress_file)  # httpx2 uses only `read` and `__iter__`
    try:
        return context.gatepost.import_history(
            File(payload=payload, mime_type=media_type),
            create_missing=arguments.create_missing or None,
            ignore_unknown=arguments.ignore_unknown or None,
            timezone=arguments.timezone,
            on_conflict=OnConflict(arguments.on_conflict) if arguments.on_conflict else None,
            tiers=ImportHistoryTiers.from_dict(_parse_tiers(arguments.tier)),
        )
    finally:
        output.end_progress()


def _parse_tiers(pairs: list[str]) -> dict[str, str]:
    """Return the query parameters for the tiers of new environments.

    Raises:
        UsageError: an argument does not have the form `NAME=TIER` with an existing tier.
    """
    tiers: dict[str, str] = {}
    for pair in pairs:
        name, _, tier = pair.partition("=")
        if not name or tier not in TIERS:
            raise UsageError(f"{pair} is not NAME=TIER with a TIER of {', '.join(TIERS)}")
        tiers[f"tier.{name}"] = tier
    return tiers


def _describe(conflict: ImportConflict) -> str:
    return (
        f"row {conflict.row}: {conflict.external_id} of {conflict.service} in "
        f"{conflict.environment} belongs to {conflict.number}, which differs in "
        f"{', '.join(conflict.differs)}"
    )


def _summarize(result: ImportResult) -> dict[str, str | None]:
    return {
        "imported": f"{result.imported}",
        "already recorded": f"{result.repeated}; with other values, which were ignored: "
        f"{result.differing}",
        "equal to an earlier row": f"{result.repeated_in_file}, without external ID"
        if result.repeated_in_file
        else None,
        "equal to a record": f"{result.repeated_records}, without external ID"
        if result.repeated_records
        else None,
        "skipped": f"{result.skipped}: never live, or since rolled back, hidden or retired"
        if result.skipped
        else None,
        "services created": f"{result.services_created}",
        "environments created": f"{result.environments_created}",
        "versions created": f"{result.versions_created}",
    }


COMMAND: Final = Command(
    name="import",
    summary="record past deployments from a file",
    add_arguments=add_arguments,
    run=import_history,
    timeout_s=600,
)
