"""Decoding a history file and splitting it into lines, in any supported encoding."""

from __future__ import annotations

from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    getincrementaldecoder,
    lookup,
)
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain
from typing import Final

from gatepost_domain.tracking.history_files.rows import UnreadableFile, shorten

MAX_LINE: Final = 1_000_000
"""The maximum number of characters in a line, which limits the memory used for reading it."""

_BYTE_ORDER_MARKS: Final = (
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF32_LE, "utf-32"),  # begins like the UTF-16 byte order mark
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_UTF8: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})
_CHARSETS: Final = frozenset(
    {*_UTF8, "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso8859-1", "iso8859-15", "cp1250"}
    | {"cp1252", "mac-roman"}
)
"""Python's names for the encodings that the sender can name."""
_OTHER_FILES: Final = (
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook"),
    (b"\x1f\x8b", "compressed with gzip more than once"),
    (b"%PDF-", "a PDF document"),
    (b"SQLite format 3\0", "an SQLite database"),
)
_SAMPLE_BYTES: Final = 4


def decode_text(parts: Iterable[bytes], charset: str | None) -> Iterator[str]:
    """Yield the text of a file in parts of any size.

    The encoding is determined by the byte order mark or, without one, by `charset`; without either,
    it is UTF-16 if the first characters look like it, and UTF-8 if not. Bytes that are not UTF-8
    become lone surrogates, which every column refuses.

    Raises:
        UnreadableFile: the file is of another kind or in another encoding.
    """
    remaining = iter(parts)
    sample = b""
    while len(sample) < _SAMPLE_BYTES and (part := next(remaining, None)) is not None:
        sample += part
    encoding = _detect_encoding(sample, charset)
    errors = "surrogateescape" if encoding in _UTF8 else "strict"
    decoder = getincrementaldecoder("utf-8-sig" if encoding in _UTF8 else encoding)(errors)
    try:
        for part in chain([sample], remaining):
            yield decoder.decode(part)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "undecodable_file", f"This file is not {error.encoding}; save it as CSV UTF-8."
        ) from None


def split_lines(texts: Iterable[str]) -> Iterator[str]:
    r"""Yield a text's lines with their line breaks, which can be \n, \r\n or \r.

    Raises:
        UnreadableFile: a line is longer than `MAX_LINE`.
    """
    rest = ""
    for text in texts:
        *lines, rest = _split(rest + text)
        yield from lines
        if len(rest) > MAX_LINE:
            raise UnreadableFile(
                "line_too_long",
                f"A line of this file has more than {MAX_LINE:,} characters. Check that each "
                "deployment has a line of its own.",
            )
    yield from filter(None, [rest])


def _split(text: str) -> list[str]:
    r"""Return a text's lines; the last one is incomplete and can be empty.

    A line that ends with \r is also incomplete, because \n can follow.
    """
    lines = list(StringIO(text, newline=""))
    if not lines or lines[-1].endswith("\n"):
        lines.append("")
    return lines


def _detect_encoding(sample: bytes, charset: str | None) -> str:
    for magic, description in _OTHER_FILES:
        if sample.startswith(magic[:_SAMPLE_BYTES]) and magic.startswith(sample[: len(magic)]):
            raise UnreadableFile(
                "not_a_history_file",
                f"This file is {description}; save the table as CSV UTF-8, and send that file.",
            )
    for mark, encoding in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    if charset is not None:
        return _resolve_charset(charset)
    if len(sample) >= _SAMPLE_BYTES and sample[1] == sample[3] == 0 != sample[0]:
        return "utf-16-le"
    if len(sample) >= _SAMPLE_BYTES and sample[0] == sample[2] == 0 != sample[1]:
        return "utf-16-be"
    return "utf-8"


def _resolve_charset(charset: str) -> str:
    try:
        name = lookup(charset).name
    except (LookupError, ValueError):
        name = ""
    if name not in _CHARSETS:
        raise UnreadableFile(
            "unsupported_charset",
            f"The charset {shorten(charset)} is not supported; save the file as CSV UTF-8.",
        )
    return name
