"""What the store itself refuses to change of what was recorded, to any program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gatepost_domain.actions.deployments.rollback import roll_back_deployment
from gatepost_domain.deployments.deployment import DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.sqlite.verification import find_differences_in_file
from gatepost_persistence.tables.deployments import DeploymentRow
from tests.support.acting import perform_action, request_deployment
from tests.support.builders import a_command, an_id, create_catalog
from tests.support.ledgers import query_sqlite
from tests.support.tracking import ENVIRONMENTS, create_record, hide_deployment, retire_lane

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

COLUMNS = ", ".join(each.name for each in DeploymentRow.table().columns if each.computed is None)
MOVING = {
    "status": "'failed'",
    "cancel_reason": "'expired'",
    "superseded_by": "'x'",
    "approvals": "'[1]'",
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
TOLD = {
    "deployed_at": "SET deployed_at = '2020' WHERE number = 2",
    "deployed_at away": "SET deployed_at = NULL WHERE number = 2",
    "rolled_back_at": "SET rolled_back_at = '2020' WHERE number = 3",
    "rolled_back_at away": "SET rolled_back_at = NULL WHERE number = 3",
    "rolled_back_by": "SET rolled_back_by = 'eve' WHERE number = 5",
    "rolled_back_by away": "SET rolled_back_by = NULL WHERE number = 5",
    "break_glass": "SET break_glass = '{}' WHERE number = 7",
    "break_glass away": "SET break_glass = NULL WHERE number = 7",
    "hidden_at": "SET hidden_at = NULL WHERE number = 4",
    "hidden_by": "SET hidden_by = 'eve' WHERE number = 4",
    "hidden_reason": "SET hidden_reason = 'None.' WHERE number = 4",
}


@pytest.fixture
async def written(path: Path) -> Path:
    """Records, one of them hidden, what stands, what was rolled back, and a break-glass."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger, versions=["1.0.0", "2.0.0"], policies=ENVIRONMENTS)
    await create_record(ledger, external_id="run-1")
    for number in (2, 3):
        asked = await request_deployment(ledger, environment="test")
        await perform_action(ledger, Action.START, asked.id)
        await perform_action(ledger, Action.SUCCEED, number)
    await perform_action(ledger, Action.ROLLBACK, 3)
    await hide_deployment(ledger, (await create_record(ledger)).id)
    asked = await request_deployment(ledger, environment="test", version="2.0.0")
    await perform_action(ledger, Action.START, asked.id)
    await perform_action(ledger, Action.SUCCEED, asked.id)
    await ledger.perform(partial(go_back, reference=asked.id))
    asked = await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, asked.id)
    await retire_lane(ledger)
    await ledger.close()
    return path


def go_back(uow: UnitOfWork, *, reference: DeploymentReference) -> None:
    command = a_command("olga", note="It is broken.")
    roll_back_deployment(uow, reference, command, revision=None, new_id=an_id, redeploy=True)


@pytest.fixture
def eve(written: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with a SQLite shell, and none of our settings."""
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("column", MOVING)
def test_nothing_of_a_record_changes(eve: sqlite3.Connection, written: Path, column: str) -> None:
    """No column that a move would change."""
    before = query_sqlite(written, "SELECT * FROM deployments")

    with pytest.raises(sqlite3.IntegrityError, match=r"never changes|stays as it was"):
        eve.execute(f"UPDATE deployments SET {column} = {MOVING[column]} WHERE number = 1")

    assert query_sqlite(written, "SELECT * FROM deployments") == before


@pytest.mark.parametrize("change", TOLD.values(), ids=TOLD)
def test_what_happened_stays_as_it_was_told(
    eve: sqlite3.Connection, written: Path, change: str
) -> None:
    """When something was deployed, rolled back or hidden is told once."""
    with pytest.raises(sqlite3.IntegrityError, match="what happened stays as it was told"):
        eve.execute(f"UPDATE deployments {change}")

    assert list(find_differences_in_file(written)) == []


def test_no_record_takes_the_place_of_another(eve: sqlite3.Connection, written: Path) -> None:
    """Neither beside it nor instead of it."""
    values = COLUMNS.replace("number,", "99,").replace(" id,", " 'other',")
    copy = f"INTO deployments ({COLUMNS}) SELECT {values} FROM deployments WHERE number = 1"
    before = query_sqlite(written, "SELECT * FROM deployments")

    for verb in ("INSERT", "REPLACE"):
        with pytest.raises(sqlite3.IntegrityError, match="kept for ever"):
            eve.execute(f"{verb} {copy}")

    assert query_sqlite(written, "SELECT * FROM deployments") == before


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE retirements SET retired_at = '2020'",
        "DELETE FROM retirements",
        "REPLACE INTO retirements SELECT seq, service, 'test', retired_at FROM retirements",
    ],
)
def test_a_retirement_is_never_taken_back(
    eve: sqlite3.Connection, written: Path, attack: str
) -> None:
    """A later deployment revives the lane; nothing else does."""
    before = query_sqlite(written, "SELECT * FROM retirements")

    with pytest.raises(sqlite3.IntegrityError, match="retirements"):
        eve.execute(attack)

    assert query_sqlite(written, "SELECT * FROM retirements") == before
