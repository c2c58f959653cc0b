"""Damage of a SQLite file is reported as a fault, without a traceback."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.verification.faults import Fault
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.storage import SqliteStorage, UnusableStorage
from gatepost_persistence.verification.database import verify_database
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_faults_in_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

PAGE_SIZE = 4096


@pytest.fixture
async def file(path: Path) -> Path:
    """Return a file with a few deployments."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    for _ in range(5):
        await request_deployment(ledger, notes="x" * 1000)
    await ledger.close()
    return path


def overwrite_page(path: Path, number: int) -> None:
    """Overwrite a page, counted from 1, as a failing disk would do."""
    with path.open("r+b") as database:
        database.seek((number - 1) * PAGE_SIZE)
        database.write(b"\xa5" * PAGE_SIZE)


def root_page_of(path: Path, name: str) -> int:
    ((page,),) = query_sqlite(path, f"SELECT rootpage FROM sqlite_schema WHERE name = '{name}'")
    return int(page)


def test_damaged_page_is_reported_with_its_table(file: Path) -> None:
    """The first fault names the table, and the file; verification ends where it cannot go on."""
    overwrite_page(file, root_page_of(file, "deployment_events"))

    first, *_, last = find_faults_in_file(file)

    assert (first.code, first.table, first.subject) == (
        "file_damaged",
        "deployment_events",
        "gatepost.db",
    )
    assert last == Fault(
        "file_damaged",
        "sqlite_schema",
        "gatepost.db",
        None,
        "SQLite cannot read the file, so verification stopped here: database disk image is "
        "malformed.",
    )


def test_damage_of_any_page_is_reported(file: Path) -> None:
    """Whichever page is overwritten, verification reports faults or that it cannot read the file.

    A table is never reported as intact, and no other exception occurs.
    """
    content = file.read_bytes()
    results: Counter[str] = Counter()
    for number in range(1, len(content) // PAGE_SIZE + 1):
        file.write_bytes(content)
        overwrite_page(file, number)

        try:
            result = SqliteStorage(file).query(verify_database)
        except UnusableStorage:
            results["unusable"] += 1
        else:
            results[result.faults[0].code] += 1

    assert results.keys() == {"unusable", "file_damaged"}
    assert results["file_damaged"] > results["unusable"]


async def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Every way to open it says in one sentence what is wrong."""
    file = tmp_path / "gatepost.db"
    file.write_text("This is not a database.\n" * 100)  # a small file
    storage = SqliteStorage(file)
    expected = f"cannot open {file}: file is not a database"

    with pytest.raises(UnusableStorage) as verified:
        storage.query(verify_database)
    with pytest.raises(UnusableStorage) as migrated:
        storage.migrate()
    with pytest.raises(UnusableStorage) as opened:
        await storage.open()

    assert [str(error.value) for error in (verified, migrated, opened)] == [expected] * 3


def test_row_that_refers_to_a_missing_row_is_reported(file: Path) -> None:
    """Foreign keys are not enforced in other programs, so they are checked."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO holds (service, environment, version, held_at, held_by, deployment_id, "
            "number) VALUES ('shop', 'nowhere', '9', 'now', 'eve', 'x', 99)"
        )

    faults = [fault for fault in find_faults_in_file(file) if fault.code == "file_damaged"]

    assert {(fault.table, fault.detail) for fault in faults} == {
        ("holds", f"It refers to a row of {parent} that does not exist.")
        for parent in ("deployments", "environments", "versions")
    }
