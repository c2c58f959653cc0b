"""Triggers that prevent any program from changing check runs that have ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.storage.ledgers import query_sqlite

EVERYTHING = "SELECT * FROM check_runs ORDER BY number"


@pytest.fixture
def file(complete_copy: Path) -> Path:
    """A database with check runs in each state."""
    return complete_copy


@pytest.fixture
def eve(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another program."""
    with closing(sqlite3.connect(file)) as connection:
        yield connection


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE check_runs SET results = '[]' WHERE state = 'finished'",
        "UPDATE check_runs SET state = 'queued', ended_at = NULL WHERE state = 'lost'",
        "UPDATE check_runs SET requested_by = 'eve' WHERE state = 'queued'",
        "UPDATE check_runs SET target_version = 9 WHERE state = 'running'",
        "DELETE FROM check_runs",
        "REPLACE INTO check_runs SELECT * FROM check_runs WHERE state = 'finished'",
    ],
)
def test_requests_and_results_stay(eve: sqlite3.Connection, file: Path, attack: str) -> None:
    """What was requested never changes, and a run ends once."""
    before = query_sqlite(file, EVERYTHING)

    with pytest.raises(sqlite3.IntegrityError, match="keep their request and their results"):
        eve.execute(attack)

    assert query_sqlite(file, EVERYTHING) == before


def test_target_has_one_open_run(eve: sqlite3.Connection) -> None:
    """A second one is refused by the database as well."""
    columns = (
        "id, service, environment, state, requested_by, requested_at, target_version, "
        "target_set_at, deadline_at, attempt"
    )
    copy = columns.replace("id,", "'other',", 1)

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        eve.execute(
            f"INSERT INTO check_runs ({columns}) SELECT {copy} FROM check_runs "
            "WHERE state = 'queued'"
        )
