"""Bringing a file of revision 0003, whose catalog never changed, to 0005, whose does."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from gatepost_persistence.migrations import runner
from gatepost_persistence.sqlite.engine import create_write_engine
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_environment

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

OLD = (
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
def old(tmp_path: Path) -> Path:
    """A service and an environment in a file of revision 0003, as its release wrote them."""
    path = tmp_path / "old.db"
    config = Config()
    config.set_main_option("script_location", str(Path(runner.__file__).parent))
    engine = create_write_engine(path)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, "0003")
        connection.exec_driver_sql("COMMIT")
    engine.dispose()
    with closing(sqlite3.connect(path)) as other:
        for statement in OLD:
            other.execute(statement)
        other.commit()
    return path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE environments SET tier = 'test'",
        "UPDATE environments SET name = 'prod'",
        "UPDATE services SET created_by = 'eve'",
        "DELETE FROM services",
        "DELETE FROM environments",
    ],
)
async def test_the_store_keeps_what_the_catalog_began_with(old: Path, statement: str) -> None:
    """No other program lowers a tier, or makes go what the record speaks of."""
    await (await SqliteLedger.open(old)).close()

    with (
        closing(sqlite3.connect(old)) as other,
        pytest.raises(sqlite3.IntegrityError, match="archived, and keep what they began with"),
    ):
        other.execute(statement)


async def test_what_was_there_goes_on_in_use(old: Path) -> None:
    """Not archived; an environment's ETag, which was its policy's version, is never taken back."""
    ledger = await SqliteLedger.open(old)

    service = await ledger.reads.service("shop")
    environment = await ledger.reads.environment("production")
    await ledger.close()

    assert service == a_service()
    assert environment == an_environment(policy_version=3, revision=3)
