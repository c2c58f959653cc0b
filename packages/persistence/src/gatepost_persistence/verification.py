"""Holding what is kept for reading against what the history tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.audit.replay import Difference, Replay, find_differences
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.deployments.step import steps_digest
from gatepost_domain.event import ChainBreak, EventKind, LedgerEntry, find_chain_break
from gatepost_domain.tracking.history_import import HistoryDigest
from gatepost_persistence.mapping.deployments import deployment_from_row
from gatepost_persistence.mapping.events import entry_from_row_checked
from gatepost_persistence.migrations.runner import current_revision
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.reads.current_state import CURRENT_CELLS, cell_from_row
from gatepost_persistence.reads.deployments import EVENTS_AFTER
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.writes.claims import SqlClaims
from gatepost_persistence.writes.deployments import DEPLOYMENT_BY_ID

_deployments = DeploymentRow.table()

BATCH_SIZE = 1000
"""How many rows are in hand at a time."""
IMPORTED_ROWS = (
    select(_deployments)
    .where(_deployments.c.number > bindparam("behind"))
    .where(_deployments.c.number <= bindparam("last"))
    .where(_deployments.c.import_seq == bindparam("seq"))
    .order_by(_deployments.c.number)
    .limit(BATCH_SIZE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationResult:
    """What came of holding a database against its own history."""

    events: int
    chain_break: ChainBreak | None
    """Where the chain of events does not hold; what is behind it was not judged."""
    differences: tuple[Difference, ...]


def verify_database(connection: Connection) -> VerificationResult:
    """Recompute the chain of all events and, where it holds, what stands by them."""
    count = 0

    def counted() -> Iterator[LedgerEntry]:
        nonlocal count
        for entry in iter_entries(connection):
            count = entry.seq
            yield entry

    chain_break = find_chain_break(counted())
    wrong = () if chain_break is not None else tuple(find_cell_differences(connection))
    return VerificationResult(events=count, chain_break=chain_break, differences=wrong)


def find_differences_in_file(path: Path) -> Iterator[Difference]:
    """See `find_cell_differences`, of a file.

    Raises:
        UnknownRevision: a newer release has written it.
    """
    with open_read_connection(path) as connection:
        current_revision(connection)
        yield from find_cell_differences(connection)


def find_cell_differences(connection: Connection) -> Iterator[Difference]:
    """Where the current state, an imported history or what workers told is not what events tell.

    Only events whose chain holds can tell anything: see first that `find_chain_break` finds nothing.
    """
    with snapshot(connection):
        recount = Replay()
        for entry in iter_entries(connection):
            recount.apply(entry.event)
            if entry.event.kind is EventKind.HISTORY_IMPORTED:
                yield from _check_import(connection, entry, recount)
            if "steps_digest" in entry.event.data:
                yield from _check_steps(connection, entry)
        kept = {
            (row.service, row.environment): cell_from_row(row)
            for row in connection.execute(CURRENT_CELLS)
        }
        yield from find_differences(kept, recount.cells())


def iter_entries(connection: Connection) -> Iterator[LedgerEntry]:
    """All events, oldest first, read in parts so that memory stays flat."""
    after = 0
    while rows := connection.execute(EVENTS_AFTER, {"after": after, "at_most": BATCH_SIZE}).all():
        for row in rows:
            yield entry_from_row_checked(row)
        after = rows[-1].seq


def _check_steps(connection: Connection, entry: LedgerEntry) -> Iterator[Difference]:
    """Tell if what workers told of a deployment is not what the event that ended it vouches for."""
    of, data = entry.event.deployment_id, entry.event.data
    if of is None:  # pragma: no cover  # whatever was carried out is a deployment
        raise AssertionError(entry.seq)
    row = connection.execute(DEPLOYMENT_BY_ID, {"reference": str(of)}).one_or_none()
    where = f"{of}" if row is None else format_number(row.number)
    try:
        steps = SqlClaims(connection).steps(of)
    except ValueError:
        yield Difference(where=where, reason="what workers told of it cannot be read")
        return
    if len(steps) != data["steps"]:
        reason = f"workers told {data['steps']} steps of it, but there are {len(steps)}"
        yield Difference(where=where, reason=reason)
    elif steps_digest(steps) != data["steps_digest"]:
        reason = "its steps are not those that workers told"
        yield Difference(where=where, reason=reason)


def _check_import(
    connection: Connection, entry: LedgerEntry, recount: Replay
) -> Iterator[Difference]:
    """Count the rows of an import in, and tell if they are not those that its event vouches for."""
    data = entry.event.data
    behind, last = int(str(data["first_number"])) - 1, int(str(data["last_number"]))
    digest, count = HistoryDigest(), 0
    while rows := connection.execute(
        IMPORTED_ROWS, {"seq": entry.seq, "behind": behind, "last": last}
    ).all():
        part = [deployment_from_row(row) for row in rows]
        digest.update(part)
        recount.add_imported(part)
        count += len(part)
        behind = part[-1].number
    where = f"import {entry.seq}"
    if count != data["imported"]:
        reason = f"it brought {data['imported']} deployments, but there are {count}"
        yield Difference(where=where, reason=reason)
    elif digest.hexdigest() != data["digest"]:
        reason = "its deployments are not those that were imported"
        yield Difference(where=where, reason=reason)
