"""Choosing the SQLite library, and the warning about versions that may lose data."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gatepost_persistence.sqlite.library_choice import (
    resets_wal_safely,
    unsafe_version_warning,
    use_safe_sqlite,
)

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

WITHOUT_PYSQLITE3 = """
import sys
sys.modules["pysqlite3"] = None
from gatepost_persistence.sqlite.library_choice import resets_wal_safely, unsafe_version_warning
import sqlite3
warning = unsafe_version_warning()
assert (warning is None) == resets_wal_safely(sqlite3.sqlite_version_info), warning
assert warning is None or sqlite3.sqlite_version in warning and "pysqlite3" in warning, warning
"""
ALREADY_SAFE = """
import sqlite3, sys
built_in = sqlite3
built_in.sqlite_version_info = (3, 51, 3)
import gatepost_persistence
assert sys.modules["sqlite3"] is built_in
"""
CHECK_DRIVERS = """
import gatepost_persistence, sqlite3, sys
import aiosqlite, sqlalchemy.dialects.sqlite.aiosqlite, sqlalchemy.dialects.sqlite.pysqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
assert aiosqlite.sqlite_version == sqlite3.sqlite_version
assert SQLiteDialect_pysqlite.import_dbapi().sqlite_version == sqlite3.sqlite_version
print(sqlite3.sqlite_version_info)
"""


@pytest.mark.parametrize(
    "version",
    [
        (3, 7, 0),
        (3, 40, 1),
        (3, 44, 5),
        (3, 45, 0),
        (3, 49, 9),
        (3, 50, 0),
        (3, 50, 6),
        (3, 51, 0),
        (3, 51, 2),
    ],
)
def test_version_that_may_corrupt_a_file_is_not_safe(version: tuple[int, int, int]) -> None:
    """Versions before 3.51.3 are unsafe, except the fixed releases of two older lines."""
    assert not resets_wal_safely(version)


@pytest.mark.parametrize(
    "version",
    [
        (3, 44, 6),
        (3, 44, 9),
        (3, 50, 7),
        (3, 50, 99),
        (3, 51, 3),
        (3, 52, 0),
        (3, 53, 4),
        (4, 0, 0),
    ],
)
def test_version_with_the_fix_is_safe(version: tuple[int, int, int]) -> None:
    """Later releases of a fixed line and all later lines are safe too."""
    assert resets_wal_safely(version)


def test_sqlite_in_use_is_safe() -> None:
    """The SQLite library in use causes no warning, and choosing one again does not replace it."""
    chosen = sys.modules["sqlite3"]

    use_safe_sqlite()

    assert sys.modules["sqlite3"] is chosen is sqlite3
    assert resets_wal_safely(sqlite3.sqlite_version_info)
    assert unsafe_version_warning() is None


@pytest.mark.parametrize("program", [WITHOUT_PYSQLITE3, ALREADY_SAFE])
def test_built_in_sqlite_is_used_if_safe_or_without_alternative(program: str) -> None:
    """A safe library is never replaced; an unsafe one without an alternative causes a warning."""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_driver_uses_the_chosen_sqlite() -> None:
    """All drivers share one library, because two in one process would break each other's locks."""
    completed = subprocess.run(
        [sys.executable, "-c", CHECK_DRIVERS], check=True, capture_output=True, text=True
    )

    assert completed.stdout.strip() == str(sqlite3.sqlite_version_info)
