"""The file that a ledger has open, which may be moved or replaced meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

from gatepost_domain.storage_errors import StorageMoved

_Identity = tuple[int, int]


class OpenFile:
    """Knows the database file and its write-ahead log as they were when they were opened.

    SQLite goes on reading and writing a file that was moved, and nobody would find the writes.
    """

    def __init__(self, path: Path) -> None:
        """Remember the files, which must be open already."""
        self._name = path.name
        self._path = str(path)
        self._log = f"{path}-wal"
        self._identity = _identify(self._path)
        self._log_identity = _identify(self._log)
        self._size = os.stat(path).st_size  # noqa: PTH116  # one call, on every request

    def require_unchanged(self) -> None:
        """Check that the open files are those at their paths.

        Raises:
            StorageMoved: one was moved, deleted, replaced or cut short.
        """
        try:
            status = os.stat(self._path)  # noqa: PTH116  # as above
        except OSError:
            raise StorageMoved(f"{self._name} was moved or deleted") from None
        if (status.st_dev, status.st_ino) != self._identity:
            raise StorageMoved(f"{self._name} was replaced by another file")
        if status.st_size < self._size:
            raise StorageMoved(f"{self._name} was cut short")
        self._size = status.st_size
        log = _identify(self._log)
        if self._log_identity is None:
            self._log_identity = log
        elif log != self._log_identity:
            raise StorageMoved(f"{self._name}-wal was moved, deleted or replaced")


def _identify(path: str) -> _Identity | None:
    """Return what stays the same when a file is renamed, or None if there is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116  # as above
    except OSError:
        return None
    return status.st_dev, status.st_ino
