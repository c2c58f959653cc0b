"""Verification compares the database with its event history and names each difference."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.step import StepKind, StepState
from gatepost_domain.status_transitions import Action
from gatepost_persistence.migrations.runner import UnknownRevision
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.claims import StepRow
from tests.support.builders import a_policy, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.claims import a_step, claim_task, finish, report
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    retire_lane,
)
from tests.support.storage.ledgers import copy_row_statement
from tests.support.storage.sqlite_files import find_faults_in_file

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

WRONG_STEPS = "The steps differ from those that workers reported."
UNREADABLE = "The stored steps cannot be read."
THREE_REPORTED = "Steps that workers reported: 3; stored:"
CELL = "service = 'shop' AND environment ="


@pytest.fixture
async def file(path: Path) -> Path:
    """Return a file with deployments, records, an import, a hidden record and a retirement."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1", "2"], policies=ENVIRONMENTS
    )
    requested = await request_deployment(ledger, environment="development", version="1")
    await perform_action(ledger, Action.START, requested.id)
    await perform_action(ledger, Action.SUCCEED, requested.id)
    await create_record(ledger, version="1", deployed_by="ada")
    await import_rows(
        ledger,
        [
            history_row(2, environment="test", version="1"),
            history_row(3, service="cart", version="2"),
        ],
    )
    await hide_deployment(
        ledger, (await create_record(ledger, version="2", deployed_at=minutes_after_noon(0))).id
    )
    await retire_lane(ledger, "cart", "production")
    await ledger.close()
    return path


@pytest.fixture
async def worker_file(path: Path) -> Path:
    """Return a file in which a worker deployed DEP-1 and reported three steps."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(
        ledger, policies={"test": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER))}
    )
    requested = await request_deployment(ledger, environment="test")
    await perform_action(ledger, Action.START, requested.id)
    claim = (await claim_task(ledger)).claim
    await report(ledger, claim, a_step(took_ms=None, state=StepState.RUNNING), a_step())
    await finish(ledger, claim, steps=[a_step(kind=StepKind.CHECK, name="health")])
    await ledger.close()
    return path


def tamper(path: Path, *statements: str) -> None:
    """Drop every trigger of the file and run the statements."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def test_unchanged_database_has_no_differences(file: Path) -> None:
    """The current state, imports and steps match the events."""
    assert find_faults_in_file(file) == []


def test_database_of_a_newer_release_is_not_verified(file: Path) -> None:
    """Rows that this release cannot read are not reported as differences."""
    tamper(file, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision):
        find_faults_in_file(file)


@pytest.mark.parametrize(
    ("statement", "table", "subject", "field"),
    [
        (
            f"UPDATE current_cells SET version = '2' WHERE {CELL} 'test'",
            "current_cells",
            "shop in test",
            "version",
        ),
        (
            f"UPDATE current_cells SET tier = 'test' WHERE {CELL} 'production'",
            "current_cells",
            "shop in production",
            "tier",
        ),
        (
            f"DELETE FROM current_cells WHERE {CELL} 'development'",
            "current_cells",
            "shop in development",
            None,
        ),
        (
            f"UPDATE current_cells SET service = 'cart' WHERE {CELL} 'production'",
            "current_cells",
            "cart in production",
            None,
        ),
        (
            "UPDATE deployments SET import_seq = NULL WHERE number = 4",
            "deployments",
            "import 15 (DEP-3 to DEP-4)",
            None,
        ),
        (
            "UPDATE deployments SET import_seq = NULL WHERE import_seq = 15",
            "deployments",
            "import 15 (DEP-3 to DEP-4)",
            None,
        ),
    ],
)
def test_difference_is_named(
    file: Path, statement: str, table: str, subject: str, field: str | None
) -> None:
    """A fault names the lane or the import, and the field that differs."""
    tamper(file, statement)

    faults = find_faults_in_file(file)

    assert (table, subject, field) in {
        (fault.table, fault.subject, fault.field) for fault in faults
    }


def test_unchanged_steps_have_no_differences(worker_file: Path) -> None:
    """The steps match the digest in the event that ended the deployment."""
    assert find_faults_in_file(worker_file) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *(
            (f"UPDATE deployment_steps SET {change} WHERE number = 2", WRONG_STEPS)
            for change in (
                "attempt = 2",
                "kind = 'ready'",
                "name = 'other'",
                "state = 'failed'",
                "tried = 2",
                "detail = 'All is well.'",
                "at = '2026-11-21T12:00:01.000000Z'",
                "took_ms = 13",
                "took_ms = NULL",
                "number = 9",
            )
        ),
        ("UPDATE deployment_steps SET state = 'fine' WHERE number = 2", UNREADABLE),
        ("UPDATE deployment_steps SET at = 'noon' WHERE number = 2", UNREADABLE),
        ("DELETE FROM deployment_steps WHERE number = 3", f"{THREE_REPORTED} 2."),
        ("DELETE FROM deployment_steps", f"{THREE_REPORTED} 0."),
        (
            f"{copy_row_statement(StepRow, 'INSERT', number='NULL')}",
            f"{THREE_REPORTED} 4.",
        ),
    ],
)
def test_changed_steps_are_named(worker_file: Path, change: str, reason: str) -> None:
    """Changed, renumbered, deleted and added steps are found and explained."""
    tamper(worker_file, change)

    assert [
        fault.detail
        for fault in find_faults_in_file(worker_file)
        if (fault.table, fault.subject) == ("deployment_steps", "DEP-1")
    ] == [reason]
