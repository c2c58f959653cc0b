"""SQLite errors that mean that the file cannot be read or written."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from gatepost_domain.storage_errors import StorageDamaged

_PERM: Final = 3
_BUSY: Final = 5
_LOCKED_TABLE: Final = 6
_READONLY: Final = 8
_IOERR: Final = 10
_CORRUPT: Final = 11
_FULL: Final = 13
_CANTOPEN: Final = 14
_NOTADB: Final = 26

_DAMAGE: Final = frozenset({_IOERR, _CORRUPT, _NOTADB})
_UNUSABLE: Final = _DAMAGE | {_FULL, _CANTOPEN, _PERM, _READONLY}

_LOCKED: Final = frozenset({_BUSY, _LOCKED_TABLE})


def is_damage(error: DBAPIError) -> bool:
    """Return whether an error means that a file is damaged, or is not a database."""
    return primary_result_code(error) in _DAMAGE


def is_unusable(error: DBAPIError) -> bool:
    """Return whether an error means that a file cannot be opened, read or written."""
    return primary_result_code(error) in _UNUSABLE


def is_locked(error: DBAPIError) -> bool:
    """Return whether another process has locked a file."""
    return primary_result_code(error) in _LOCKED


def describe_database_failure(error: BaseException) -> str | None:
    """Return why a SQLite file cannot be used, in one sentence, or None for other errors."""
    if not isinstance(error, DBAPIError):
        return None
    if is_locked(error):
        return "another process has locked the database; stop that process, or try again."
    return f"the database cannot be used: {error.orig}." if is_unusable(error) else None


@contextmanager
def translate_file_damage() -> Generator[None]:
    """Translate errors that mean that the file is damaged.

    Raises:
        StorageDamaged: the block raised such an error.
    """
    try:
        yield
    except DBAPIError as error:
        if is_damage(error):
            raise StorageDamaged(str(error.orig)) from error
        raise


def primary_result_code(error: DBAPIError) -> int | None:
    """Return SQLite's primary result code, or None for an error from another database."""
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF
