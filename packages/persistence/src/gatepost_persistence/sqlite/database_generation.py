"""The generation of a SQLite file: a number that identifies the latest transfer of its log.

While processes have a file open, only a transfer of the write-ahead log changes it. Each transfer
gives the file a new number, so an older copy that is written over the file is recognized by its
number.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

SET_GENERATION: Final = "PRAGMA user_version={}"
"""Sets the number in the header of the file; until the next transfer, it is only in the log."""

_HEADER: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_FORMAT: Final = slice(18, 20)
_LOG_FORMAT: Final = b"\x02\x02"
"""The format of a file with a write-ahead log."""
_USER_VERSION: Final = slice(60, 64)

_DIGITS: Final = 8
_TRANSFERRED: Final = "+"
"""Marks a listed number that is in the file; an unmarked one may still be only in the log."""
_LINE: Final = re.compile(r"\+?[0-9a-f]{8}")
_KEPT: Final = 4096
"""How many lines are kept when the list is shortened, before a process's first append."""


def new_generation() -> int:
    """Return a random number that, in practice, no other transfer has used."""
    return secrets.randbelow(2**31 - 1) + 1


def read_database_generation(descriptor: int) -> int | None:
    """Return the generation in an open file; None if the file is not a database with a log."""
    header = os.pread(descriptor, _HEADER, 0)
    if len(header) < _HEADER or header[: len(_MAGIC)] != _MAGIC or header[_FORMAT] != _LOG_FORMAT:
        return None
    return int.from_bytes(header[_USER_VERSION], "big")


class ForeignWal(Exception):
    """The write-ahead log does not belong to the database file beside it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} was overwritten, and {path.name}-wal belongs to the previous file; using "
            f"both would damage this one. To use this file, move {path.name}-wal and "
            f"{path.name}-shm elsewhere; otherwise, put the previous file back."
        )


def require_own_log(path: Path) -> None:
    """Check that the log beside a file belongs to it, before any process opens the file.

    Raises:
        ForeignWal: the log belongs to another file, such as one that was overwritten with a copy.
    """
    generation, numbers = _read_generation_of(path), GenerationsFile(str(path))
    log = Path(f"{path}-wal")
    if not log.exists() or not log.stat().st_size:
        if generation is not None:
            # The file is complete without a log, so any log written from now on is its own.
            numbers.add_confirmed(generation)
        return
    if (latest := numbers.possible_generations()) and generation not in latest:
        raise ForeignWal(path)


def _read_generation_of(path: Path) -> int | None:
    try:
        with path.open("rb", buffering=0) as file:
            return read_database_generation(file.fileno())
    except OSError:  # opening it as a database reports the cause
        return None


class GenerationsFile:
    """The generations that processes have given a database, listed in a file beside it."""

    def __init__(self, database: str) -> None:
        self._path = Path(f"{database}-generations")
        self._is_short = False

    def add_announced(self, generation: int) -> None:
        """Append a number that the file is about to get.

        After an I/O error, the list is deleted, because the incomplete list would later make the
        file's log look like that of another file.
        """
        try:
            self._append(f"{generation:0{_DIGITS}x}")
        except OSError:
            with suppress(OSError):
                self._path.unlink()

    def add_confirmed(self, generation: int) -> None:
        """Append a number that the file now has. An I/O error is ignored."""
        with suppress(OSError):
            self._append(f"{_TRANSFERRED}{generation:0{_DIGITS}x}")

    def lists_in_order(self, earlier: int | None, later: int | None) -> bool:
        """Return whether the list has the number `later` at or after the number `earlier`."""
        numbers = [int(line, 16) for line in self._read()]
        return earlier in numbers and later in numbers[numbers.index(earlier) :]

    def possible_generations(self) -> list[int]:
        """Return the latest number that the file certainly had, and all numbers announced since."""
        lines = self._read()
        certain = [index for index, line in enumerate(lines) if line.startswith(_TRANSFERRED)]
        return [int(line, 16) for line in lines[certain[-1] if certain else 0 :]]

    def _append(self, line: str) -> None:
        if not self._is_short:
            self._shorten()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        with os.fdopen(os.open(self._path, flags, 0o600), "ab", buffering=0) as file:
            encoded = f"{line}\n".encode()
            if file.write(encoded) != len(encoded):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), f"{self._path}")

    def _read(self) -> list[str]:
        try:
            text = self._path.read_text(encoding="ascii")
        except (OSError, ValueError):
            return []
        return [line for line in text.split() if _LINE.fullmatch(line)]

    def _shorten(self) -> None:
        self._is_short = True
        lines = self._read()
        if len(lines) <= 2 * _KEPT:
            return
        shorter = self._path.with_name(f"{self._path.name}.new")
        shorter.write_text("".join(f"{line}\n" for line in lines[-_KEPT:]), encoding="ascii")
        shorter.replace(self._path)
