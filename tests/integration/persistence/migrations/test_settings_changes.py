"""Triggers that prevent any program from changing proposals and decisions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.storage.ledgers import query_sqlite

EVERYTHING = "SELECT * FROM settings_changes ORDER BY number"


@pytest.fixture
def file(complete_copy: Path) -> Path:
    """A database with settings changes in each state."""
    return complete_copy


@pytest.fixture
def eve(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another program."""
    with closing(sqlite3.connect(file)) as connection:
        yield connection


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE settings_changes SET state = 'pending' WHERE state = 'applied'",
        "UPDATE settings_changes SET state = 'applied' WHERE state = 'rejected'",
        "UPDATE settings_changes SET decided_by = 'eve' WHERE state = 'applied'",
        "UPDATE settings_changes SET proposal = '{}' WHERE state = 'pending'",
        "UPDATE settings_changes SET requested_by = 'eve' WHERE state = 'pending'",
        "UPDATE settings_changes SET identity = '{}' WHERE state = 'pending'",
        "DELETE FROM settings_changes",
        "REPLACE INTO settings_changes SELECT * FROM settings_changes WHERE state = 'pending'",
    ],
)
def test_proposals_and_decisions_stay(eve: sqlite3.Connection, file: Path, attack: str) -> None:
    """A proposal never changes, and is decided on once."""
    before = query_sqlite(file, EVERYTHING)

    with pytest.raises(sqlite3.IntegrityError, match="decided once, and kept for ever"):
        eve.execute(attack)

    assert query_sqlite(file, EVERYTHING) == before
