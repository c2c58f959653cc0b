"""Migration from revision 0003, whose catalog was immutable, to 0005."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_environment
from tests.support.storage.empty_databases import create_empty_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

OLD_ROWS = (
    (
        "INSERT INTO services VALUES ('shop', 'team', 'https://git.example/shop', 'shop', NULL, "
        "'2026-11-21T12:00:00.000000Z', 'owner')"
    ),
    (
        "INSERT INTO environments VALUES ('production', 'production', 'production', 40, 3, "
        "'2026-11-21T12:00:00.000000Z', 'owner')"
    ),
)


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """Create a file of revision 0003 with a service and an environment."""
    path = tmp_path / "old.db"
    create_empty_file(path, "0003")
    with closing(sqlite3.connect(path)) as sqlite_connection:
        for statement in OLD_ROWS:
            sqlite_connection.execute(statement)
        sqlite_connection.commit()
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE environments SET name = 'prod'",
        "UPDATE services SET created_by = 'eve'",
        "DELETE FROM services",
        "DELETE FROM environments",
    ],
)
async def test_core_columns_of_the_catalog_are_immutable(old_file: Path, statement: str) -> None:
    """No program can rename or delete a service or an environment."""
    await (await SqliteLedger.open(old_file)).close()

    with (
        closing(sqlite3.connect(old_file)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="archived, and keep what they began with"),
    ):
        connection.execute(statement)


async def test_upgraded_catalog_entries_are_active(old_file: Path) -> None:
    """No entry is archived, and an environment's revision continues from its policy version."""
    ledger = await SqliteLedger.open(old_file)

    service = await ledger.reads.service("shop")
    environment = await ledger.reads.environment("production")
    await ledger.close()

    assert service == a_service()
    assert environment == an_environment(policy_version=3, revision=3)
