"""Writing to the terminal: results to standard output, everything else to standard error."""

from __future__ import annotations

import io
import os
import re
import sys
from typing import Final, TextIO

from gatepost_cli.terminal.colors import color_statuses, has_colors

_SECRETS: Final = re.compile(
    r"(gp_[a-z]_)\w+"  # a Gatepost token
    r"|(eyJ)[\w-]+\.[\w-]+(?:\.[\w-]*)?"  # a signed JWT (RFC 7515 §7.1)
    r"|(bearer\s+)[^\s\"',;]+",  # an Authorization header that a proxy repeats in an error page
    re.IGNORECASE,
)

_BAR_WIDTH: Final = 30


class OutputError(Exception):
    """Standard output cannot be written, for example because the disk is full."""


def write_result(text: str) -> None:
    """Write the result of the command to standard output, with colours on a terminal.

    Raises:
        OutputError: The result cannot be written.
    """
    safe = replace_control_characters(text)
    try:
        _write(sys.stdout, color_statuses(safe) if has_colors(sys.stdout) else safe)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write the output: {error.strerror}") from error


def write_script(text: str) -> None:
    """Write a generated script to standard output, unchanged."""
    _write(sys.stdout, text)


def write_message(text: str) -> None:
    """Write a message to standard error, with tokens redacted.

    Messages are redacted because they may quote a mistyped argument or a proxy's error page.
    """
    _write(sys.stderr, _SECRETS.sub(_redact, replace_control_characters(text)))


def show_progress(share: float, text: str) -> None:
    """Draw a progress bar over the previous one, if standard error is a terminal.

    Args:
        share: How much is done, from 0 to 1.
        text: The text beside the bar.
    """
    if sys.stderr.isatty():
        filled = round(share * _BAR_WIDTH)
        bar = f"{'#' * filled}{' ' * (_BAR_WIDTH - filled)}"
        sys.stderr.write(f"\r[{bar}] {share:4.0%}  {text:<30}")
        sys.stderr.flush()


def end_progress() -> None:
    """End the line of the progress bar."""
    if sys.stderr.isatty():
        sys.stderr.write("\n")
        sys.stderr.flush()


def replace_control_characters(text: str) -> str:
    """Replace characters that control the terminal, because the text may come from other people.

    Line breaks are kept, other whitespace becomes a space, and control characters become U+FFFD.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else " " if char.isspace() else "\ufffd"
        for char in text
    )


def escape_unencodable_characters() -> None:
    """Make standard output escape characters that it cannot encode, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def discard_standard_output() -> None:
    """Discard further output, so that the flush at exit does not fail on a broken pipe."""
    null_device = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null_device, sys.stdout.fileno())
    os.close(null_device)


def _redact(secret: re.Match[str]) -> str:
    prefix = next(filter(None, secret.groups()))
    return f"{prefix}***"


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
    stream.flush()
