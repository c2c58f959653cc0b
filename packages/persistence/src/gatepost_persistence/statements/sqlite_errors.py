"""Errors of SQLite that mean that the file cannot be read or written."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError

_IOERR: Final = 10
_CORRUPT: Final = 11
_FULL: Final = 13
_CANTOPEN: Final = 14
_NOTADB: Final = 26

_DAMAGE: Final = frozenset({_IOERR, _CORRUPT, _NOTADB})
_UNUSABLE: Final = _DAMAGE | {_FULL, _CANTOPEN}


def is_damage(error: DBAPIError) -> bool:
    """Return whether an error means that a file is damaged, or that it is no database."""
    return primary_result_code(error) in _DAMAGE


def is_unusable(error: DBAPIError) -> bool:
    """Return whether an error means that a file cannot be opened, read or written."""
    return primary_result_code(error) in _UNUSABLE


def primary_result_code(error: DBAPIError) -> int | None:
    """Return SQLite's primary result code, or None for an error of another database."""
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
