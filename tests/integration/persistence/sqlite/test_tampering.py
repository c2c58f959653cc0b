"""The event chain reveals changes made to the file after every trigger was dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.errors import Refusal
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.events import EventRow
from tests.support.builders import an_event, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import find_log_faults

# isort: split
import sqlite3  # the library that gatepost_persistence has chosen

ID = "'00000000-0000-0000-0000-000000000001'"
INVALID = ["x'00ff'", "'nonsense'"]
"""A blob and a word, which are invalid in every column."""
EDITS = {
    "deployment_id": ["NULL", ID, "upper(deployment_id)", "replace(deployment_id, '-', '')"],
    "kind": ["'cancelled'", "upper(kind)", "'unknown'"],
    "actor": ["'eve'", "actor || ' '", "''"],
    "on_behalf_of": ["NULL", "'eve'", "''"],
    "at": [
        "'2026-11-21T12:00:00.000001Z'",
        "replace(at, '.000000Z', 'Z')",
        "replace(at, 'Z', '+00:00')",
        "replace(at, 'Z', '')",
        "'0001-01-01T00:00:00.000000+14:00'",
    ],
    "from_status": ["NULL", "'queued'", "'unknown'"],
    "to_status": ["NULL", "'queued'", "'unknown'"],
    "stage": ["NULL", "'qa2'", "''"],
    "note": ["NULL", "'other'", "''"],
    "data": [
        "'{}'",
        "data || ' '",
        "'{\"a\":NaN}'",
        '\'{"a":"\\ud800"}\'',
        "'[]'",
        "'null'",
        "replace(data, ':', ': ')",
        "printf('%.*c', 100000, '[')",
    ],
    "prev_hash": ["upper(hash)", "''"],
    "deployment_prev_hash": ["NULL", "hash", "''"],
    "hash": ["upper(hash)", "prev_hash", "''"],
}


@pytest.fixture
async def file(path: Path) -> Path:
    """Return a database file whose events have a value in every column."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    deployment = await request_deployment(ledger, notes="For the sale.")
    await perform_action(ledger, Action.APPROVE, deployment.id, "quinn", note="Tested.")
    await record_denied_review(
        ledger, an_event(EventKind.REVIEW_DENIED, deployment_id=deployment.id, on_behalf_of="bo")
    )
    await perform_action(ledger, Action.APPROVE, deployment.id, "dora")
    await perform_action(ledger, Action.START, deployment.id)
    await ledger.close()
    return path


async def record_denied_review(ledger: SqliteLedger, event: Event) -> None:
    def refuse(_: UnitOfWork) -> None:
        refusal = Refusal("No.")
        refusal.audit_event = event
        raise refusal

    with pytest.raises(Refusal):
        await ledger.perform(refuse)


@pytest.fixture
def eve(file: Path) -> Iterator[sqlite3.Connection]:
    """Return the connection of an attacker who owns the file and has dropped every trigger."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


@pytest.mark.parametrize("column", EDITS)
def test_edit_of_any_event_column_is_found(
    eve: sqlite3.Connection, file: Path, column: str
) -> None:
    """The break is reported at the edited event, whether or not the new value is readable."""
    edits = 0
    for seq, original in query_sqlite(file, f"SELECT seq, {column} FROM deployment_events"):
        for edit in (*EDITS[column], *INVALID):
            if not apply_edit(eve, seq, column, edit):
                continue
            edits += 1

            fault = next(iter(find_log_faults(file)), None)

            assert fault is not None, (seq, edit)
            assert fault.subject == f"event {seq}", (seq, edit)
            restore = f"UPDATE deployment_events SET {column} = ? WHERE seq = ?"
            eve.execute(restore, (original, seq))
    assert edits > 10
    assert find_log_faults(file) == []


@pytest.mark.parametrize("edit", ["seq + 1000", "0", "-seq"])
def test_renumbered_event_is_reported_missing(
    eve: sqlite3.Connection, file: Path, edit: str
) -> None:
    """Moving an event to the start or the end of the log leaves a gap, which is reported."""
    for seq, hash_ in query_sqlite(file, "SELECT seq, hash FROM deployment_events")[:-1]:
        assert apply_edit(eve, seq, "seq", edit)

        faults = {(fault.subject, fault.code) for fault in find_log_faults(file)}

        assert faults & {(f"event {seq}", "event_missing"), ("event 1", "event_missing")} or {
            code for _, code in faults
        } >= {"event_added"}
        eve.execute("UPDATE deployment_events SET seq = ? WHERE hash = ?", (seq, hash_))


def test_removed_event_is_reported_missing(eve: sqlite3.Connection, file: Path) -> None:
    """Removing any event but the last is detected."""
    eve.execute("DELETE FROM deployment_events WHERE seq = 3")

    fault = next(iter(find_log_faults(file)), None)

    assert fault is not None
    assert (fault.subject, fault.code) == ("event 3", "event_missing")


def test_every_event_column_is_edited() -> None:
    """The edits in this file cover every column, so a new column must be added to them."""
    assert {"seq", *EDITS} == {column.name for column in EventRow.table().columns}


def apply_edit(eve: sqlite3.Connection, seq: int, column: str, edit: str) -> bool:
    """Apply an edit and return whether it changed the row."""
    cursor = eve.execute(
        f"UPDATE deployment_events SET {column} = {edit} "
        f"WHERE seq = {seq} AND {column} IS NOT {edit}"
    )
    return cursor.rowcount == 1
