"""Verification of a database against its event history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.audit.replay import Difference, Replay, find_differences
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.event import ChainBreak, EventKind, LedgerEntry, find_chain_break
from gatepost_domain.tracking.import_result import ImportedRowsDigest
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.events import entry_from_row_or_broken_entry
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.reads.current_state import CURRENT_CELLS, cell_from_row
from gatepost_persistence.reads.deployments import EVENTS_AFTER
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.writes.claims import read_steps

_deployments = DeploymentRow.table()

BATCH_SIZE = 1000

NUMBER_BY_ID = PreparedStatement(
    select(_deployments.c.number).where(_deployments.c.id == bindparam("deployment_id"))
)
"""The number of rows that are in memory at a time."""
IMPORTED_ROWS = (
    select(_deployments)
    .where(_deployments.c.number > bindparam("after_number"))
    .where(_deployments.c.number <= bindparam("last_number"))
    .where(_deployments.c.import_seq == bindparam("seq"))
    .order_by(_deployments.c.number)
    .limit(BATCH_SIZE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """The result of verifying a database against its event history."""

    events: int
    """The number of events that were read."""
    chain_break: ChainBreak | None
    """The first event that breaks the hash chain; later events were not verified."""
    differences: tuple[Difference, ...]


def verify_database(connection: Connection) -> VerificationResult:
    """Recompute the hash chain and, if it is intact, compare the stored data with the events."""
    count = 0

    def count_entries() -> Iterator[LedgerEntry]:
        nonlocal count
        for entry in iter_entries(connection):
            count = entry.seq
            yield entry

    chain_break = find_chain_break(count_entries())
    differences = () if chain_break is not None else tuple(find_differences_from_events(connection))
    return VerificationResult(events=count, chain_break=chain_break, differences=differences)


def find_differences_from_events(connection: Connection) -> Iterator[Difference]:
    """Yield each difference between the events and the current state, imported rows or steps.

    The result is only meaningful if `find_chain_break` finds no break.
    """
    with snapshot(connection):
        replay = Replay()
        for entry in iter_entries(connection):
            replay.apply(entry.event)
            if entry.event.kind is EventKind.HISTORY_IMPORTED:
                yield from _replay_and_check_import(connection, entry, replay)
            if "steps_digest" in entry.event.data:
                yield from _check_steps(connection, entry)
        stored_cells = {
            (row.service, row.environment): cell_from_row(row)
            for row in connection.execute(CURRENT_CELLS)
        }
        yield from find_differences(stored_cells, replay.cells())


def iter_entries(connection: Connection) -> Iterator[LedgerEntry]:
    """Yield all events, oldest first, in batches so that memory use stays constant."""
    after = 0
    while rows := EVENTS_AFTER.all(connection, {"after": after, "row_limit": BATCH_SIZE}):
        for row in rows:
            yield entry_from_row_or_broken_entry(row)
        after = rows[-1].seq


def _check_steps(connection: Connection, entry: LedgerEntry) -> Iterator[Difference]:
    """Compare the steps of a deployment with the digest in the event that ended it."""
    deployment_id, data = entry.event.deployment_id, entry.event.data
    if deployment_id is None:  # pragma: no cover  # only deployments have steps
        raise AssertionError(entry.seq)
    number = NUMBER_BY_ID.scalar(connection, {"deployment_id": str(deployment_id)})
    subject = f"{deployment_id}" if number is None else format_number(number)
    try:
        steps = read_steps(connection, deployment_id)
    except ValueError:
        yield Difference(where=subject, reason="its steps cannot be read")
        return
    if len(steps) != data["steps"]:
        reason = f"workers reported {data['steps']} steps, but {len(steps)} are stored"
        yield Difference(where=subject, reason=reason)
    elif steps_digest(steps) != data["steps_digest"]:
        yield Difference(where=subject, reason="its steps differ from those that workers reported")


def _replay_and_check_import(
    connection: Connection, entry: LedgerEntry, replay: Replay
) -> Iterator[Difference]:
    """Replay the rows of an import and compare them with the count and digest in its event."""
    data = entry.event.data
    digest, count = ImportedRowsDigest(), 0
    for deployments in _imported_batches(connection, entry):
        digest.update(deployments)
        replay.add_imported(deployments)
        count += len(deployments)
    subject = f"import {entry.seq}"
    if count != data["imported"]:
        reason = f"it imported {data['imported']} deployments, but {count} are stored"
        yield Difference(where=subject, reason=reason)
    elif digest.hexdigest() != data["digest"]:
        yield Difference(
            where=subject, reason="the stored deployments differ from the imported ones"
        )


def _imported_batches(connection: Connection, entry: LedgerEntry) -> Iterator[list[Deployment]]:
    first, last = (int(str(entry.event.data[name])) for name in ("first_number", "last_number"))
    after = first - 1
    while rows := connection.execute(
        IMPORTED_ROWS, {"seq": entry.seq, "after_number": after, "last_number": last}
    ).all():
        deployments = [deployment_from_row(row) for row in rows]
        yield deployments
        after = deployments[-1].number
