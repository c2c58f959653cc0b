"""Files as one file to download."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from gatepost_contracts.contract import Contracts

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first instant that a zip archive can name; these files have no time of their own."""
_UNIX: Final = 3
_PLAIN_FILE: Final = 0o100644 << 16


def zipped(contracts: Contracts) -> bytes:
    """A zip archive of all files that are generated for a service."""
    return zip_of(contracts.files)


def zip_of(files: Mapping[str, str]) -> bytes:
    """A zip archive: the same bytes for the same files, whatever the machine.

    Stored, not compressed: how well zlib compresses differs between its makers and versions.
    """
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as container:
        for path, text in files.items():
            entry = ZipInfo(path, _EARLIEST)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            container.writestr(entry, text)
    return archive.getvalue()
