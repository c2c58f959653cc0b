"""Changes of the outcomes of imported deployments are found and located."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.history_files.rows import Outcome
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import create_catalog
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
)
from tests.support.storage.sqlite_files import find_faults_in_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

CHANGES: Final[Mapping[str, tuple[str, set[tuple[str, str | None]]]]] = {
    "a failure becomes a success": (
        "UPDATE deployments SET status = 'succeeded' WHERE number = 2",
        {("DEP-2", "status")},
    ),
    "a success becomes a failure": (
        "UPDATE deployments SET status = 'failed' WHERE number = 1",
        {("DEP-1", "status")},
    ),
    "a failure gets another time": (
        "UPDATE deployments SET finished_at = '2026-11-20T00:00:00.000000Z' WHERE number = 2",
        {("DEP-2", "finished_at")},
    ),
    "a rollback is forgotten": (
        "UPDATE deployments SET recorded_rollback = NULL WHERE number = 4",
        {("DEP-4", "recorded_rollback")},
    ),
}


@pytest.fixture
async def file(path: Path) -> Path:
    """Return a file with an import of four deployments, of which the hidden one had failed."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger, services=["shop"], versions=["1", "2"], policies=ENVIRONMENTS)
    back = Outcome(Status.ROLLED_BACK, rolled_back_at=minutes_after_noon(-1))
    await import_rows(
        ledger,
        [
            history_row(2, version="1", deployed_at=minutes_after_noon(-4)),
            history_row(
                3,
                version="2",
                deployed_at=minutes_after_noon(-3),
                outcome=Outcome(Status.FAILED),
            ),
            history_row(4, version="2", deployed_at=minutes_after_noon(-2), outcome=back),
            history_row(
                5,
                version="1",
                deployed_at=minutes_after_noon(-1),
                outcome=Outcome(is_rollback=True),
            ),
        ],
    )
    await hide_deployment(ledger, 2)
    await ledger.close()
    return path


async def test_import_with_outcomes_has_no_faults(file: Path) -> None:
    """The rows agree with the event of the import, also if a failed one was hidden."""
    assert find_faults_in_file(file) == []


@pytest.mark.parametrize("change", CHANGES)
async def test_changed_outcome_is_located(file: Path, change: str) -> None:
    """A changed outcome is a fault of the deployment and of the column."""
    statement, expected = CHANGES[change]
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)

    faults = find_faults_in_file(file)

    found = {(fault.subject, fault.field) for fault in faults if fault.table == "deployments"}
    assert expected <= found
