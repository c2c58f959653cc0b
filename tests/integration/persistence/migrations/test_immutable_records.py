"""Triggers that prevent any program from changing records, outcomes and retirements."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gatepost_domain.actions.deployments.rollback import roll_back_deployment
from gatepost_domain.deployments.deployment import DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.deployments import DeploymentRow
from tests.support.builders import a_command, an_id, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS, create_record, hide_deployment, retire_lane
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_faults_in_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

COLUMNS = ", ".join(
    column.name for column in DeploymentRow.table().columns if column.computed is None
)
CHANGES = {
    "status": "'failed'",
    "cancel_reason": "'expired'",
    "superseded_by": "'x'",
    "approvals": "'[1]'",
    "approved_stage": "'qa'",
    "overrides": "'[1]'",
    "break_glass": "'{}'",
    "after_review_state": "'closed'",
    "after_review_due_at": "'x'",
    "after_review_verdict": "'justified'",
    "after_review_closed_by": "'eve'",
    "after_review_closed_at": "'x'",
    "after_review_note": "'x'",
    "promotion_blocked": "'{}'",
    "rolled_back_by": "'x'",
    "expires_at": "'x'",
    "reviewed_by": "'eve'",
    "reviewed_at": "'x'",
    "build_id": "'x'",
    "attempt": "7",
    "worker": "'eve'",
    "approved_at": "'x'",
    "queued_at": "'x'",
    "started_at": "'x'",
    "finished_at": "'x'",
    "deployed_at": "NULL",
    "deployed_by": "'eve'",
    "rolled_back_at": "'x'",
}
OUTCOMES = {
    "deployed_at": "SET deployed_at = '2020' WHERE number = 2",
    "deployed_at removed": "SET deployed_at = NULL WHERE number = 2",
    "rolled_back_at": "SET rolled_back_at = '2020' WHERE number = 3",
    "rolled_back_at removed": "SET rolled_back_at = NULL WHERE number = 3",
    "rolled_back_by": "SET rolled_back_by = 'eve' WHERE number = 5",
    "rolled_back_by removed": "SET rolled_back_by = NULL WHERE number = 5",
    "break_glass": "SET break_glass = '{}' WHERE number = 7",
    "break_glass removed": "SET break_glass = NULL WHERE number = 7",
    "hidden_at": "SET hidden_at = NULL WHERE number = 4",
    "hidden_by": "SET hidden_by = 'eve' WHERE number = 4",
    "hidden_reason": "SET hidden_reason = 'None.' WHERE number = 4",
}


@pytest.fixture(scope="module")
def template(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with deployments that have each outcome, and with a retirement."""
    path = Path(shutil.copyfile(empty_file, tmp_path_factory.mktemp("template") / "gatepost.db"))
    asyncio.run(fill(path))
    return path


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Path:
    """Return a copy of that file for each test."""
    return Path(shutil.copyfile(template, tmp_path / "gatepost.db"))


async def fill(path: Path) -> None:
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger, versions=["1.0.0", "2.0.0"], policies=ENVIRONMENTS)
    await create_record(ledger, external_id="run-1")
    for number in (2, 3):
        requested = await request_deployment(ledger, environment="test")
        await perform_action(ledger, Action.START, requested.id)
        await perform_action(ledger, Action.SUCCEED, number)
    await perform_action(ledger, Action.ROLLBACK, 3)
    await hide_deployment(ledger, (await create_record(ledger)).id)
    requested = await request_deployment(ledger, environment="test", version="2.0.0")
    await perform_action(ledger, Action.START, requested.id)
    await perform_action(ledger, Action.SUCCEED, requested.id)
    await ledger.perform(partial(redeploy_previous, reference=requested.id))
    requested = await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, requested.id)
    await retire_lane(ledger)
    await ledger.close()


def redeploy_previous(uow: UnitOfWork, *, reference: DeploymentReference) -> None:
    command = a_command("olga", note="It is broken.")
    roll_back_deployment(uow, reference, command, revision=None, new_id=an_id, redeploy=True)


@pytest.fixture
def eve(file: Path) -> Iterator[sqlite3.Connection]:
    """Return an attacker's plain SQLite connection, without Gatepost's settings."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("column", CHANGES)
def test_column_of_a_record_cannot_be_updated(
    eve: sqlite3.Connection, file: Path, column: str
) -> None:
    """Records are immutable even in the columns that change for other deployments."""
    before = query_sqlite(file, "SELECT * FROM deployments")

    with pytest.raises(sqlite3.IntegrityError, match=r"never changes|stays as it was"):
        eve.execute(f"UPDATE deployments SET {column} = {CHANGES[column]} WHERE number = 1")

    assert query_sqlite(file, "SELECT * FROM deployments") == before


@pytest.mark.parametrize("change", OUTCOMES.values(), ids=OUTCOMES)
def test_recorded_outcome_cannot_be_changed(
    eve: sqlite3.Connection, file: Path, change: str
) -> None:
    """Deployment times, rollbacks, break-glass approvals and hiding can be recorded only once."""
    with pytest.raises(sqlite3.IntegrityError, match="what happened stays as it was told"):
        eve.execute(f"UPDATE deployments {change}")

    assert find_faults_in_file(file) == []


def test_record_cannot_be_replaced(eve: sqlite3.Connection, file: Path) -> None:
    """A second row with the same external id is refused for both INSERT and REPLACE."""
    values = COLUMNS.replace("number,", "99,").replace(" id,", " 'other',")
    copy = f"INTO deployments ({COLUMNS}) SELECT {values} FROM deployments WHERE number = 1"
    before = query_sqlite(file, "SELECT * FROM deployments")

    for verb in ("INSERT", "REPLACE"):
        with pytest.raises(sqlite3.IntegrityError, match="kept for ever"):
            eve.execute(f"{verb} {copy}")

    assert query_sqlite(file, "SELECT * FROM deployments") == before


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE retirements SET retired_at = '2020'",
        "DELETE FROM retirements",
        "REPLACE INTO retirements SELECT seq, service, 'test', retired_at FROM retirements",
    ],
)
def test_retirement_cannot_be_changed_or_removed(
    eve: sqlite3.Connection, file: Path, attack: str
) -> None:
    """A retirement cannot be undone; only a later deployment makes the lane current again."""
    before = query_sqlite(file, "SELECT * FROM retirements")

    with pytest.raises(sqlite3.IntegrityError, match="retirements"):
        eve.execute(attack)

    assert query_sqlite(file, "SELECT * FROM retirements") == before
