"""Reading history files, detecting the format if it is not given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain

from gatepost_domain.tracking.history_files.csv_file import read_csv_lines
from gatepost_domain.tracking.history_files.json_file import read_json_array, read_json_lines
from gatepost_domain.tracking.history_files.rows import (
    DEFAULT_OPTIONS,
    FileOptions,
    RowOrError,
    UnreadableFile,
)
from gatepost_domain.tracking.history_files.text_lines import decode_text, split_lines


class FileFormat(StrEnum):
    """The format of a history file."""

    CSV = "csv"
    JSON = "json"
    """NDJSON or a JSON array."""
    UNKNOWN = "unknown"
    """JSON if the file begins with a brace or a bracket, otherwise CSV."""


def read_history(
    parts: Iterable[bytes],
    file_format: FileFormat = FileFormat.UNKNOWN,
    options: FileOptions = DEFAULT_OPTIONS,
) -> Iterator[RowOrError]:
    """Yield the rows of a file, given in parts of any size.

    If the file itself cannot be read, the last item is an error about `rows`.
    """
    try:
        texts = decode_text(parts, options.charset)
        skipped: list[str] = []
        begin = ""
        while not begin and (text := next(texts, None)) is not None:
            skipped.append(text)
            begin = text.lstrip()[:1]
        texts = chain(skipped, texts)
        is_json = file_format is FileFormat.JSON or (
            file_format is FileFormat.UNKNOWN and begin in {"{", "["}
        )
        if not is_json:
            yield from read_csv_lines(split_lines(texts), options)
        elif begin == "[":
            yield from read_json_array(texts, options)
        else:
            yield from read_json_lines(split_lines(texts), options)
    except UnreadableFile as error:
        yield error.error
