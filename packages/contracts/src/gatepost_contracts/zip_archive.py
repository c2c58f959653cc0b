"""Packing the generated files into a zip archive."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from gatepost_contracts.generation_input_output import ContractFiles

_EARLIEST_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can store; these files have no time of their own."""
_UNIX_SYSTEM: Final = 3
_REGULAR_FILE_MODE: Final = 0o100644 << 16


def zip_contracts(contracts: ContractFiles) -> bytes:
    """Return a zip archive of all generated files of a service."""
    return zip_files(contracts.files)


def zip_files(files: Mapping[str, str]) -> bytes:
    """Return a zip archive that is byte-identical for the same files on every machine.

    The files are stored, not compressed, because the output of zlib differs between versions.
    """
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as container:
        for path, text in files.items():
            entry = ZipInfo(path, _EARLIEST_TIME)
            entry.create_system = _UNIX_SYSTEM
            entry.external_attr = _REGULAR_FILE_MODE
            container.writestr(entry, text)
    return archive.getvalue()
