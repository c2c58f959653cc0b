"""Reading a secret from a file, or from a descriptor that is closed afterwards."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

STANDARD_INPUT: Final = "-"
MAX_SECRET_BYTES: Final = 64 * 1024
_DESCRIPTOR: Final = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,4})")


class UnreadableSecret(Exception):
    """A secret cannot be read; the message says where it should be and why it cannot be read."""


def read_secret(source: str) -> str:
    """Return the text of a secret, without surrounding whitespace.

    The source is a path, or `/dev/fd/N` for an open descriptor, which is read to its end and
    closed, or `-` for the first line of standard input, which stays open.

    Raises:
        UnreadableSecret: the secret cannot be read, is empty or too long, or is not text.
    """
    try:
        content = _read(source)
        text = content.decode("utf-8").strip()
    except OSError as error:
        raise UnreadableSecret(f"{source} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableSecret(f"{source} does not contain text.") from error
    if not text:
        raise UnreadableSecret(f"{source} is empty.")
    if len(content) > MAX_SECRET_BYTES:
        raise UnreadableSecret(f"{source} is longer than {MAX_SECRET_BYTES // 1024} KiB.")
    return text


def is_path(source: str) -> bool:
    """Return whether the source is a path, which programs might also read."""
    return source != STANDARD_INPUT and _DESCRIPTOR.fullmatch(source) is None


def _read(source: str) -> bytes:
    if source == STANDARD_INPUT:
        return _read_line(0)
    if (match := _DESCRIPTOR.fullmatch(source)) is not None:
        with os.fdopen(int(match[1]), "rb") as file:
            return file.read(MAX_SECRET_BYTES + 1)
    with Path(source).open("rb") as file:
        return file.read(MAX_SECRET_BYTES + 1)


def _read_line(descriptor: int) -> bytes:
    """Return a line, and leave the rest in the pipe."""
    line = b""
    while not line.endswith(b"\n") and len(line) <= MAX_SECRET_BYTES:
        byte = os.read(descriptor, 1)
        if not byte:
            break
        line += byte
    return line
