"""What the store itself refuses to change of claims and steps, to any program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.claims import IMMUTABLE_CLAIM_COLUMNS, ClaimRow, StepRow
from tests.support.acting import request_deployment
from tests.support.builders import create_catalog
from tests.support.claims import a_claim, a_step
from tests.support.ledgers import copy_row_statement, query_sqlite

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

OTHER = {"fencing_token": "99", "id": "'other'", "attempt": "99"}
"""What makes a claim another one; all but one of these leave it in the place of the first."""

ATTACKS = {
    "remove a claim": "DELETE FROM claims",
    "replace a claim by its token": copy_row_statement(
        ClaimRow, "REPLACE", **OTHER | {"fencing_token": "fencing_token"}
    ),
    "replace a claim by its id": copy_row_statement(ClaimRow, "REPLACE", **OTHER | {"id": "id"}),
    "replace a claim by its attempt": copy_row_statement(
        ClaimRow, "REPLACE", **OTHER | {"attempt": "attempt"}
    ),
    "claim an attempt again": copy_row_statement(
        ClaimRow, "INSERT", **OTHER | {"attempt": "attempt"}
    ),
    "upsert a claim": copy_row_statement(ClaimRow, "INSERT")
    + " ON CONFLICT (fencing_token) DO UPDATE SET worker = 'eve'",
    "change a step": "UPDATE deployment_steps SET state = 'passed'",
    "change a step back to itself": "UPDATE deployment_steps SET detail = detail",
    "renumber a step": "UPDATE OR REPLACE deployment_steps SET number = 2 WHERE number = 1",
    "remove a step": "DELETE FROM deployment_steps WHERE number = 2",
    "remove all steps": "DELETE FROM deployment_steps",
    "replace a step": copy_row_statement(StepRow, "REPLACE", detail="'All is well.'"),
    "upsert a step": copy_row_statement(StepRow, "INSERT")
    + " ON CONFLICT (number) DO UPDATE SET state = 'passed'",
}


@pytest.fixture
async def written(path: Path) -> Path:
    """A file with a claim and two steps."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    claim = a_claim(deployment_id=(await request_deployment(ledger)).id)
    await ledger.perform(lambda uow: uow.claims.add(claim))
    steps = [a_step(), a_step(name="other")]
    await ledger.perform(lambda uow: uow.claims.add_steps(claim.deployment_id, steps))
    await ledger.close()
    return path


@pytest.fixture
def eve(written: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with a SQLite shell, and none of our settings."""
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        yield connection


def content(path: Path) -> list[list[tuple[object, ...]]]:
    """All that is guarded, row by row."""
    return [
        query_sqlite(path, f"SELECT * FROM {table}") for table in ("claims", "deployment_steps")
    ]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_workers_did_cannot_be_rewritten_from_a_shell(
    eve: sqlite3.Connection, written: Path, attack: str
) -> None:
    """Whoever opens the file with a plain SQLite changes nothing of it."""
    before = content(written)

    with pytest.raises(sqlite3.IntegrityError):
        eve.execute(attack)

    assert content(written) == before


@pytest.mark.parametrize("column", IMMUTABLE_CLAIM_COLUMNS)
def test_a_claim_is_only_renewed(eve: sqlite3.Connection, written: Path, column: str) -> None:
    """No column of it but its lease, not even to the value it has."""
    before = content(written)

    with pytest.raises(sqlite3.IntegrityError, match="a claim is only renewed"):
        eve.execute(f"UPDATE claims SET {column} = {column}")  # our names

    assert content(written) == before


def test_the_store_lets_a_claim_be_renewed(eve: sqlite3.Connection, written: Path) -> None:
    """Which is all that ever changes of it."""
    eve.execute("UPDATE claims SET leased_until = 'later'")

    assert query_sqlite(written, "SELECT leased_until FROM claims") == [("later",)]
    assert {each.name for each in ClaimRow.table().columns} - set(IMMUTABLE_CLAIM_COLUMNS) == {
        "leased_until"
    }


def test_more_can_be_told_and_claimed(eve: sqlite3.Connection, written: Path) -> None:
    """What is added takes nothing's place."""
    eve.execute(copy_row_statement(ClaimRow, "INSERT", **OTHER))
    eve.execute(copy_row_statement(StepRow, "INSERT", number="NULL"))

    assert [len(each) for each in content(written)] == [2, 3]
