"""The committed lists of triggers are those of freshly migrated databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from gatepost_persistence.postgres.ledger import query_database
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.triggers.expected_triggers import expected_triggers, trigger_file
from gatepost_persistence.triggers.stored_triggers import read_triggers
from gatepost_persistence.triggers.trigger import GUARDED_TABLES
from tests.support.storage.ledgers import query_sqlite
from tools.generate_triggers import format_triggers

OUT_OF_DATE = "run `python3 dev.py triggers`"
ROWS_THAT_MAY_GO = {
    "alembic_version",
    "change_counts",
    "creation_lag",
    "current_cells",
    "deployment_blocks",
    "deployment_search_terms",
    "holds",
    "ingest_sources",
    "notifications",
    "protection_answers",
    "receipts",
    "target_settings",
    "targets",
    "tokens",
    "user_accounts",
    "users",
    "version_blocks",
    "webhook_deliveries",
    "workers",
}


def test_list_for_sqlite_is_up_to_date(path: Path) -> None:
    """The generated file contains exactly the triggers that the migrations create."""
    with open_read_connection(path) as connection:
        generated = format_triggers(read_triggers(connection))

    assert trigger_file("sqlite").read_text("utf-8") == generated, OUT_OF_DATE


async def test_list_for_postgresql_is_up_to_date(database: URL) -> None:
    """The generated file contains exactly the triggers that the migrations create."""
    generated = format_triggers(await query_database(database, read_triggers))

    assert trigger_file("postgresql").read_text("utf-8") == generated, OUT_OF_DATE


def test_every_table_is_guarded(path: Path) -> None:
    """No table of a file is left out, and triggers on any of them are known."""
    tables = query_sqlite(path, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")

    assert [name for (name,) in tables] == list(GUARDED_TABLES)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_rows_of_recorded_tables_cannot_be_deleted(dialect: str) -> None:
    """The list contains a trigger against deletion for each table whose rows are kept."""
    kept = {
        trigger.table
        for trigger in expected_triggers(dialect)
        if "BEFORE DELETE" in trigger.properties.get("event", trigger.properties.get("sql", ""))
    }

    assert kept == set(GUARDED_TABLES) - ROWS_THAT_MAY_GO
