"""Writing to the terminal: the answer to standard output, everything else to standard error."""

from __future__ import annotations

import io
import os
import re
import sys
from typing import Final, TextIO

_TOKENS: Final = re.compile(
    r"(gp_[a-z]_)\w+"  # a token of ours
    r"|(eyJ)[\w-]+\.[\w-]+(?:\.[\w-]*)?"  # a signed JWT (RFC 7515 §7.1)
    r"|(bearer\s+)[^\s\"',;]+",  # what a foreign page may show of the request
    re.IGNORECASE,
)

_BAR: Final = 30


def answer(text: str) -> None:
    """Write what was asked for."""
    _write(sys.stdout, text)


def tell(text: str) -> None:
    """Write what is said besides, which may quote a mistyped argument or a foreign page."""
    _write(sys.stderr, _TOKENS.sub(lambda found: f"{next(filter(None, found.groups()))}***", text))


def progress(share: float, text: str) -> None:
    """Show how far something is, on a line that stays in its place; nothing but on a terminal."""
    if sys.stderr.isatty():
        done = round(share * _BAR)
        sys.stderr.write(f"\r[{'#' * done}{' ' * (_BAR - done)}] {share:4.0%}  {text:<30}")
        sys.stderr.flush()


def end_progress() -> None:
    """Leave that line."""
    if sys.stderr.isatty():
        sys.stderr.write("\n")
        sys.stderr.flush()


def legible(text: str) -> str:
    """The text without what would steer a terminal, since other people wrote it.

    Their lines are kept. What is not printable, such as an escape, becomes U+FFFD.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else " " if char.isspace() else "\ufffd"
        for char in text
    )


def spell_what_cannot_be_shown() -> None:
    """Let a terminal with few characters show the others by their numbers, and not fail."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def stop_writing() -> None:
    """Let nothing more be written at the exit, once whoever read has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{legible(text)}\n")
    stream.flush()
