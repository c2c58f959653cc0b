"""Files as one file to download."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from gatepost_contracts.contract import Contracts

_EARLIEST_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The first instant that a zip archive can name; these files have no time of their own."""
_UNIX_SYSTEM: Final = 3
_REGULAR_FILE_MODE: Final = 0o100644 << 16


def zip_contracts(contracts: Contracts) -> bytes:
    """A zip archive of all files that are generated for a service."""
    return zip_files(contracts.files)


def zip_files(files: Mapping[str, str]) -> bytes:
    """A zip archive: the same bytes for the same files, whatever the machine.

    Stored, not compressed: how well zlib compresses differs between its makers and versions.
    """
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as container:
        for path, text in files.items():
            entry = ZipInfo(path, _EARLIEST_TIME)
            entry.create_system = _UNIX_SYSTEM
            entry.external_attr = _REGULAR_FILE_MODE
            container.writestr(entry, text)
    return archive.getvalue()
