"""Sentences that describe failures an operator can correct."""

from __future__ import annotations

import os

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_domain.storage_errors import StorageError
from gatepost_persistence.backup.sqlite_copy import FileInUse
from gatepost_persistence.statements.sqlite_file_errors import describe_database_failure
from gatepost_persistence.storage import UnusableStorage


def describe_failure(error: BaseException) -> str | None:
    """Return a sentence about a disk, file or database failure, or None for other errors."""
    if isinstance(error, OSError):
        place = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        return f"{place}{error.strerror or error}."
    if isinstance(error, BadSettings | StorageError | UnusableStorage | FileInUse):
        return str(error)
    return describe_database_failure(error)
