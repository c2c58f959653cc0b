"""Detecting that the file that a ledger has open was moved, replaced or overwritten."""

from __future__ import annotations

import os
from pathlib import Path

from gatepost_domain.storage_errors import StorageMoved
from gatepost_persistence.sqlite.database_generation import (
    GenerationsFile,
    read_database_generation,
)

_Identity = tuple[int, int]


class FileChangeDetector:
    """Detects changes to the database file and its write-ahead log since they were opened.

    SQLite does not notice that a file was moved or overwritten. It continues to write to a moved
    file, so the writes would be lost.
    """

    def __init__(self, path: Path) -> None:
        """Remember the files. Open the database before this, and close it before `close`."""
        self._name = path.name
        self._path = str(path)
        self._log = f"{path}-wal"
        # Opened only once, because closing it releases the locks that SQLite holds in this process.
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        status = os.fstat(self._file)
        self._identity = status.st_dev, status.st_ino
        self._log_identity = _identify(self._log)
        self._size = status.st_size
        self._modified_ns = status.st_mtime_ns
        self._generations = GenerationsFile(self._path)
        self._generation = self._next_generation = read_database_generation(self._file)
        self.needs_generation = True
        """Whether the file may have changed since it got its generation, and so needs a new one."""

    def require_unchanged(self) -> None:
        """Check that the open files are those at their paths, and that only SQLite changed them.

        Raises:
            StorageMoved: a file was moved, deleted, replaced, truncated or overwritten.
        """
        try:
            status = os.stat(self._path)  # noqa: PTH116  # one call, on every request
        except OSError:
            raise StorageMoved(f"{self._name} was moved or deleted") from None
        if (status.st_dev, status.st_ino) != self._identity:
            raise StorageMoved(f"{self._name} was replaced by another file")
        if status.st_size < self._size:
            raise StorageMoved(f"{self._name} was truncated")
        if status.st_mtime_ns != self._modified_ns:
            self._require_known_generation()
            self._modified_ns = status.st_mtime_ns
        self._size = status.st_size
        log = _identify(self._log)
        if self._log_identity is None:
            self._log_identity = log
        elif log != self._log_identity:
            raise StorageMoved(f"{self._name}-wal was moved, deleted or replaced")

    def expect_generation(self, generation: int) -> None:
        """Expect the file to get this generation."""
        self._generations.add_announced(generation)
        self._next_generation = generation

    def accept_transfer(self) -> None:
        """Accept the content of the file after this process has transferred the log to it."""
        status = os.fstat(self._file)
        self._generation = read_database_generation(self._file)
        self._modified_ns = status.st_mtime_ns
        self.needs_generation = self._generation != self._next_generation
        if self._generation is not None and not self.needs_generation:
            self._generations.add_confirmed(self._generation)

    def close(self) -> None:
        """Close the file. Every connection to it must already be closed."""
        os.close(self._file)

    def _require_known_generation(self) -> None:
        generation = read_database_generation(self._file)
        is_known = generation in {self._generation, self._next_generation}
        if not is_known and not self._generations.lists_in_order(self._generation, generation):
            raise StorageMoved(f"{self._name} was overwritten")
        self._generation = generation
        self.needs_generation = True


def _identify(path: str) -> _Identity | None:
    """Return what identifies a file even after it is renamed, or None if there is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116  # one call, on every request
    except OSError:
        return None
    return status.st_dev, status.st_ino
