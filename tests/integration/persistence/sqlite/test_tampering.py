"""What somebody changes in the file with every guard gone, the history shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gatepost_domain.errors import Refusal
from gatepost_domain.event import Event, EventKind, find_chain_break
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.events import EventRow
from tests.support.builders import an_event, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.sqlite_files import read_events_of_file

# isort: split
import sqlite3  # the one that gatepost_persistence has chosen

ID = "'00000000-0000-0000-0000-000000000001'"
NO_EVENT = ["x'00ff'", "'nonsense'"]
"""A blob and a word, where an event has neither."""
EDITS = {
    "deployment_id": ["NULL", ID, "upper(deployment_id)", "replace(deployment_id, '-', '')"],
    "kind": ["'cancelled'", "upper(kind)", "'of a later release'"],
    "actor": ["'eve'", "actor || ' '", "''"],
    "on_behalf_of": ["NULL", "'eve'", "''"],
    "at": [
        "'2026-11-21T12:00:00.000001Z'",
        "replace(at, '.000000Z', 'Z')",
        "replace(at, 'Z', '+00:00')",
        "replace(at, 'Z', '')",
        "'0001-01-01T00:00:00.000000+14:00'",
    ],
    "from_status": ["NULL", "'queued'", "'of a later release'"],
    "to_status": ["NULL", "'queued'", "'of a later release'"],
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
async def written(path: Path) -> Path:
    """A file with a history in which every column of the events holds something."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger)
    deployment = await request_deployment(ledger, notes="For the sale.")
    await perform_action(ledger, Action.APPROVE, deployment.id, "quinn", note="Tested.")
    await deny(
        ledger, an_event(EventKind.REVIEW_DENIED, deployment_id=deployment.id, on_behalf_of="bo")
    )
    await perform_action(ledger, Action.APPROVE, deployment.id, "dora")
    await perform_action(ledger, Action.START, deployment.id)
    await ledger.close()
    return path


async def deny(ledger: SqliteLedger, record: Event) -> None:
    def denied(_: UnitOfWork) -> None:
        refusal = Refusal("No.")
        refusal.audit_event = record
        raise refusal

    with pytest.raises(Refusal):
        await ledger.perform(denied)


@pytest.fixture
def eve(written: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who owns the file and has removed every guard from it."""
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


@pytest.mark.parametrize("column", EDITS)
def test_an_edit_of_any_column_of_any_event_is_found_in_its_place(
    eve: sqlite3.Connection, written: Path, column: str
) -> None:
    """Also one that no longer reads as an event, and one that only spells the same differently."""
    tried = 0
    for seq, was in query_sqlite(written, f"SELECT seq, {column} FROM deployment_events"):
        for edit in (*EDITS[column], *NO_EVENT):
            if not changed(eve, seq, column, edit):
                continue
            tried += 1

            found = find_chain_break(read_events_of_file(written))

            assert found is not None, (seq, edit)
            assert found.seq == seq, (seq, edit)
            restore = f"UPDATE deployment_events SET {column} = ? WHERE seq = ?"
            eve.execute(restore, (was, seq))
    assert tried > 10
    assert find_chain_break(read_events_of_file(written)) is None


@pytest.mark.parametrize("edit", ["seq + 1000", "0", "-seq"])
def test_a_renumbered_event_is_missed_in_its_place(
    eve: sqlite3.Connection, written: Path, edit: str
) -> None:
    """Nothing is hidden by moving it in front of the first event or behind the last."""
    for seq, hash_ in query_sqlite(written, "SELECT seq, hash FROM deployment_events")[:-1]:
        assert changed(eve, seq, "seq", edit)

        found = find_chain_break(read_events_of_file(written))

        assert found is not None
        assert (found.seq, found.reason) == (seq, f"entry {seq} is missing")
        eve.execute("UPDATE deployment_events SET seq = ? WHERE hash = ?", (seq, hash_))


def test_a_removed_event_is_missed(eve: sqlite3.Connection, written: Path) -> None:
    """Wherever it stood before the last."""
    eve.execute("DELETE FROM deployment_events WHERE seq = 3")

    found = find_chain_break(read_events_of_file(written))

    assert found is not None
    assert (found.seq, found.reason) == (3, "entry 3 is missing")


def test_no_column_of_an_event_is_left_untried() -> None:
    """A column that is added is tampered with here, too."""
    assert {"seq", *EDITS} == {column.name for column in EventRow.table().columns}


def changed(eve: sqlite3.Connection, seq: int, column: str, edit: str) -> bool:
    """Make an edit, and tell whether it made a difference."""
    edited = eve.execute(
        f"UPDATE deployment_events SET {column} = {edit} "  # our names
        f"WHERE seq = {seq} AND {column} IS NOT {edit}"
    )
    return edited.rowcount == 1
