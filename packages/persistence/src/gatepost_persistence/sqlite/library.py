"""Which SQLite is used: the interpreter's, or a newer one without a bug that corrupts files.

SQLite up to 3.51.2 can corrupt a database in WAL mode when the log is reset while another
connection writes (fixed in 3.51.3, and in 3.50.7 and 3.44.6 of the older lines). Many Pythons
still carry such a version, so the wheel of `pysqlite3` takes its place where it is installed.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys
from typing import Final

_FIXED_RELEASES: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The first fixed release of each line, the newest line first."""


def is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this version of SQLite resets its write-ahead log safely."""
    if version >= _FIXED_RELEASES[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_RELEASES[1:])


def use_safe_sqlite() -> None:
    """Make every later `import sqlite3` find a safe SQLite, if one can be had.

    It runs before anything imports the drivers, which bind to the module at their own import.
    """
    if is_safe(sqlite3.sqlite_version_info):
        return
    try:
        newer = importlib.import_module("pysqlite3")
        dbapi2 = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return
    sys.modules["sqlite3"] = newer
    sys.modules["sqlite3.dbapi2"] = dbapi2


def unsafe_version_warning() -> str | None:
    """What to tell the operator at the start; none where the SQLite in use is safe."""
    used = importlib.import_module("sqlite3")
    if is_safe(used.sqlite_version_info):
        return None
    return (
        f"SQLite {used.sqlite_version} can corrupt a database in WAL mode. Install pysqlite3, "
        "or a Python built with SQLite 3.51.3 or later, before you trust it with real deployments."
    )
