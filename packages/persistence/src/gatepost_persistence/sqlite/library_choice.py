"""Choosing the SQLite library: the interpreter's, or a newer one without a corruption bug.

SQLite up to 3.51.2 can corrupt a database in WAL mode when the log is reset while another
connection writes (fixed in 3.51.3, and in 3.50.7 and 3.44.6 of the older release lines). Many
Python builds have such a version, so `pysqlite3` replaces it where it is installed.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys
from typing import Final

_FIXED_RELEASES: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The first fixed release of each release line, newest first."""


def resets_wal_safely(version: tuple[int, int, int]) -> bool:
    """Return whether this version of SQLite resets its write-ahead log safely."""
    if version >= _FIXED_RELEASES[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_RELEASES[1:])


def use_safe_sqlite() -> None:
    """Make every later `import sqlite3` return a safe SQLite, if one is installed.

    Call this before importing the database drivers, which bind to the module on import.
    """
    if resets_wal_safely(sqlite3.sqlite_version_info):
        return
    try:
        pysqlite3 = importlib.import_module("pysqlite3")
        dbapi2 = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2


def unsafe_version_warning() -> str | None:
    """Return a warning to log at startup, or None if the SQLite in use is safe."""
    sqlite = importlib.import_module("sqlite3")
    if resets_wal_safely(sqlite.sqlite_version_info):
        return None
    return (
        f"SQLite {sqlite.sqlite_version} can corrupt a database in WAL mode. For production, "
        "install pysqlite3, or a Python built with SQLite 3.51.3 or later."
    )
