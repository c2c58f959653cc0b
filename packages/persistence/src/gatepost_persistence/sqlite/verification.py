"""Holding what is kept for reading against what the history tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, select

from gatepost_domain.audit.replay import Difference, Recount, differences
from gatepost_domain.deployments.deployment import number_text
from gatepost_domain.deployments.step import digest_of_steps
from gatepost_domain.event import Break, Entry, EventKind, first_break
from gatepost_domain.tracking.history_import import HistoryDigest
from gatepost_persistence.mapping.deployments import deployment_of
from gatepost_persistence.mapping.events import entry_as_written
from gatepost_persistence.migrations.runner import revision_of
from gatepost_persistence.reads.connection import one_view
from gatepost_persistence.reads.deployments import ENTRIES
from gatepost_persistence.reads.tracking import CELLS, cell_of
from gatepost_persistence.sqlite.engine import reading_connection
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.writes.claims import SqlClaims
from gatepost_persistence.writes.deployments import BY_ID

_deployments = DeploymentRow.table()

AT_ONCE = 1000
"""How many rows are in hand at a time."""
IMPORTED = (
    select(_deployments)
    .where(_deployments.c.number > bindparam("behind"))
    .where(_deployments.c.number <= bindparam("last"))
    .where(_deployments.c.import_seq == bindparam("seq"))
    .order_by(_deployments.c.number)
    .limit(AT_ONCE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of holding a database against its own history."""

    events: int
    broken: Break | None
    """Where the chain of events does not hold; what is behind it was not judged."""
    differences: tuple[Difference, ...]


def judge(connection: Connection) -> Verdict:
    """Recompute the chain of all events and, where it holds, what stands by them."""
    count = 0

    def counted() -> Iterator[Entry]:
        nonlocal count
        for entry in entries_on(connection):
            count = entry.seq
            yield entry

    broken = first_break(counted())
    wrong = () if broken is not None else tuple(differences_on(connection))
    return Verdict(events=count, broken=broken, differences=wrong)


def verify_current(path: Path) -> Iterator[Difference]:
    """See `differences_on`, of a file.

    Raises:
        UnknownRevision: a newer release has written it.
    """
    with reading_connection(path) as connection:
        revision_of(connection)
        yield from differences_on(connection)


def differences_on(connection: Connection) -> Iterator[Difference]:
    """Where the current state, an imported history or what workers told is not what events tell.

    Only events whose chain holds can tell anything: see first that `first_break` finds nothing.
    """
    with one_view(connection):
        recount = Recount()
        for entry in entries_on(connection):
            recount.hear(entry.event)
            if entry.event.kind is EventKind.HISTORY_IMPORTED:
                yield from _import_vouched_for(connection, entry, recount)
            if "steps_digest" in entry.event.data:
                yield from _steps_vouched_for(connection, entry)
        kept = {(row.service, row.environment): cell_of(row) for row in connection.execute(CELLS)}
        yield from differences(kept, recount.cells())


def entries_on(connection: Connection) -> Iterator[Entry]:
    """All events, oldest first, read in parts so that memory stays flat."""
    after = 0
    while rows := connection.execute(ENTRIES, {"after": after, "at_most": AT_ONCE}).all():
        for row in rows:
            yield entry_as_written(row)
        after = rows[-1].seq


def _steps_vouched_for(connection: Connection, entry: Entry) -> Iterator[Difference]:
    """Tell if what workers told of a deployment is not what the event that ended it vouches for."""
    of, data = entry.event.deployment_id, entry.event.data
    if of is None:  # pragma: no cover  # whatever was carried out is a deployment
        raise AssertionError(entry.seq)
    row = connection.execute(BY_ID, {"reference": str(of)}).one_or_none()
    where = f"{of}" if row is None else number_text(row.number)
    try:
        steps = SqlClaims(connection).steps(of)
    except ValueError:
        yield Difference(where=where, reason="what workers told of it cannot be read")
        return
    if len(steps) != data["steps"]:
        reason = f"workers told {data['steps']} steps of it, but there are {len(steps)}"
        yield Difference(where=where, reason=reason)
    elif digest_of_steps(steps) != data["steps_digest"]:
        reason = "its steps are not those that workers told"
        yield Difference(where=where, reason=reason)


def _import_vouched_for(
    connection: Connection, entry: Entry, recount: Recount
) -> Iterator[Difference]:
    """Count the rows of an import in, and tell if they are not those that its event vouches for."""
    data = entry.event.data
    behind, last = int(str(data["first_number"])) - 1, int(str(data["last_number"]))
    digest, count = HistoryDigest(), 0
    while rows := connection.execute(
        IMPORTED, {"seq": entry.seq, "behind": behind, "last": last}
    ).all():
        part = [deployment_of(row) for row in rows]
        digest.add(part)
        recount.take(part)
        count += len(part)
        behind = part[-1].number
    where = f"import {entry.seq}"
    if count != data["imported"]:
        reason = f"it brought {data['imported']} deployments, but there are {count}"
        yield Difference(where=where, reason=reason)
    elif digest.text() != data["digest"]:
        reason = "its deployments are not those that were imported"
        yield Difference(where=where, reason=reason)
