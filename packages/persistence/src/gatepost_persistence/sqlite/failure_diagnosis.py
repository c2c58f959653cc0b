"""Finding out why a SQLite file cannot be used: it was moved or damaged, or the disk is full."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from gatepost_domain.storage_errors import StorageMoved
from gatepost_persistence.sqlite.damage_check import DamageCheck
from gatepost_persistence.sqlite.file_identity import FileChangeDetector

NEEDED_BYTES: Final = 1024 * 1024
"""The minimum free disk space; committing one action takes tens of kilobytes."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class SqliteObstacles:
    """Finds out why an open file can no longer be used."""

    def __init__(self, path: Path, file: FileChangeDetector) -> None:
        self._path = path
        self._file = file
        self._damage_check = DamageCheck(path)

    async def find(self) -> str | None:
        """Return the obstacle, in one sentence, or None if there is none."""
        return (
            self.find_moved()
            or await asyncio.to_thread(self._find_full_disk)
            or await self._damage_check.find()
        )

    def find_moved(self) -> str | None:
        """Return why the open file is no longer the one at its path, in one sentence, or None."""
        try:
            self._file.require_unchanged()
        except StorageMoved as error:
            return str(error)
        return None

    async def close(self) -> None:
        """Wait until no check is running."""
        await self._damage_check.close()

    def _find_full_disk(self) -> str | None:
        try:
            with tempfile.TemporaryFile(dir=self._path.parent) as file:
                _allocate(file.fileno())
        except OSError as error:
            if error.errno in _FULL:
                return (
                    "The disk of the data folder is full: nothing can be stored until there is "
                    "space, but reads continue."
                )
            return (
                f"The data folder cannot be written to ({error.strerror}): nothing can be stored."
            )
        return None


def _allocate(file: int) -> None:
    """Reserve the needed space, without writing to it where the system supports that."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, NEEDED_BYTES)
    else:
        os.write(file, bytes(NEEDED_BYTES))
