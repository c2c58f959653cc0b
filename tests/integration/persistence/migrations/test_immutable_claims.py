"""Triggers that prevent any program from changing claims and steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.claims import IMMUTABLE_CLAIM_COLUMNS, ClaimRow, StepRow
from tests.support.builders import create_catalog
from tests.support.domain.actions import request_deployment
from tests.support.domain.claims import a_claim, a_step
from tests.support.storage.ledgers import copy_row_statement, query_sqlite
from tests.support.storage.waiting_deployments import add_claim

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

OTHER = {"fencing_token": "99", "id": "'other'", "attempt": "99"}
"""Unused values for the unique columns; an attack leaves out one of them to cause a collision."""

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
async def file(path: Path) -> Path:
    """Return a database file with a claim and two steps."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    claim = a_claim(deployment_id=(await request_deployment(ledger)).id)
    await ledger.perform(partial(add_claim, claim=claim))
    steps = [a_step(), a_step(name="other")]
    await ledger.perform(lambda uow: uow.claims.add_steps(claim.deployment_id, steps))
    await ledger.close()
    return path


@pytest.fixture
def eve(file: Path) -> Iterator[sqlite3.Connection]:
    """Return an attacker's plain SQLite connection, without Gatepost's settings."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def protected_rows(path: Path) -> list[list[tuple[object, ...]]]:
    """Return the rows of every protected table."""
    return [
        query_sqlite(path, f"SELECT * FROM {table}") for table in ("claims", "deployment_steps")
    ]


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_claims_and_steps_cannot_be_changed_from_a_shell(
    eve: sqlite3.Connection, file: Path, attack: str
) -> None:
    """Every attack is refused, and no row changes."""
    before = protected_rows(file)

    with pytest.raises(sqlite3.IntegrityError):
        eve.execute(attack)

    assert protected_rows(file) == before


@pytest.mark.parametrize("column", IMMUTABLE_CLAIM_COLUMNS)
def test_column_of_a_claim_cannot_be_updated(
    eve: sqlite3.Connection, file: Path, column: str
) -> None:
    """Any update is refused, even one that sets the same value."""
    before = protected_rows(file)

    with pytest.raises(sqlite3.IntegrityError, match="a claim is only renewed"):
        eve.execute(f"UPDATE claims SET {column} = {column}")

    assert protected_rows(file) == before


def test_lease_of_a_claim_can_be_renewed(eve: sqlite3.Connection, file: Path) -> None:
    """The end of the lease is the only column that can be updated."""
    eve.execute("UPDATE claims SET leased_until = 'later'")

    assert query_sqlite(file, "SELECT leased_until FROM claims") == [("later",)]
    assert {column.name for column in ClaimRow.table().columns} - set(IMMUTABLE_CLAIM_COLUMNS) == {
        "leased_until"
    }


def test_claims_and_steps_can_be_added(eve: sqlite3.Connection, file: Path) -> None:
    """The triggers refuse changes to existing rows, but not the insertion of new ones."""
    eve.execute(copy_row_statement(ClaimRow, "INSERT", **OTHER))
    eve.execute(copy_row_statement(StepRow, "INSERT", number="NULL"))

    assert [len(rows) for rows in protected_rows(file)] == [2, 3]
