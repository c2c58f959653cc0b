"""The event log inside a transaction: appending events, reading entries, and proofs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, text, union_all

from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.event import Event, LedgerEntry, to_rfc3339
from gatepost_domain.ports.event_log import LogHead
from gatepost_domain.verification.policy_lookup import find_recorded_policy
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import SETS_POLICIES, EventRow
from gatepost_persistence.writes.event_tree import (
    consistency_proof_between,
    inclusion_proof_of,
    root_at,
)
from gatepost_persistence.writes.events import SqlEventAppender

_deployments = DeploymentRow.table()
_events = EventRow.table()

AFTER_SEQ: Final = _events.c.seq > bindparam("after")
_IMPORT_EVENT_SEQ = select(_deployments.c.import_seq).where(
    _deployments.c.id == bindparam("lookup_key")
)
_EVENTS_OF_DEPLOYMENT = union_all(
    select(_events).where(_events.c.deployment_id == bindparam("lookup_key"), AFTER_SEQ),
    select(_events).where(_events.c.seq == _IMPORT_EVENT_SEQ.scalar_subquery(), AFTER_SEQ),
).order_by("seq")
LAST_EVENT = PreparedStatement(select(_events).order_by(_events.c.seq.desc()).limit(1))
EVENT_BY_SEQ = PreparedStatement(select(_events).where(_events.c.seq == bindparam("of_seq")))
EVENTS_AFTER = PreparedStatement(
    select(_events).where(AFTER_SEQ).order_by(_events.c.seq).limit(bindparam("row_limit"))
)
HASH_BY_SEQ = PreparedStatement(select(_events.c.hash).where(_events.c.seq == bindparam("of_seq")))
POLICY_EVENTS_AT = PreparedStatement(
    select(_events)
    .where(text(SETS_POLICIES))
    .where(_events.c.at == bindparam("set_at"))
    .order_by(_events.c.seq)
)
ALL_EVENTS_OF_DEPLOYMENT = PreparedStatement(_EVENTS_OF_DEPLOYMENT)
EVENTS_OF_DEPLOYMENT = PreparedStatement(_EVENTS_OF_DEPLOYMENT.limit(bindparam("row_limit")))


class SqlEventLog:
    """The event log in SQL, in a transaction."""

    def __init__(self, connection: Connection, events: SqlEventAppender) -> None:
        self._connection = connection
        self._events = events

    def attribute_to(self, request_id: str | None) -> None:
        """Add `request_id` to the data of every event of this action, unless it is None."""
        self._events.request_id = request_id

    def append(self, event: Event) -> None:
        """Append an event that records no change."""
        self._events.append(event)

    def entries_of(self, deployment: UUID) -> tuple[LedgerEntry, ...]:
        """Return the events of a deployment, oldest first, including the event of its import."""
        self._events.store()
        parameters = {"lookup_key": str(deployment), "after": 0}
        return tuple(
            map(entry_from_row, ALL_EVENTS_OF_DEPLOYMENT.all(self._connection, parameters))
        )

    def last_entry(self) -> LedgerEntry | None:
        """Return the latest entry, or None if there is none yet."""
        self._events.store()
        row = LAST_EVENT.one_or_none(self._connection)
        return None if row is None else entry_from_row(row)

    def entry(self, seq: int) -> LedgerEntry:
        """Return the entry at a position."""
        self._events.store()
        return entry_from_row(EVENT_BY_SEQ.one(self._connection, {"of_seq": seq}))

    def entries_after(self, seq: int, *, limit: int) -> tuple[LedgerEntry, ...]:
        """Return the entries after a position, oldest first, up to `limit`."""
        self._events.store()
        parameters = {"after": seq, "row_limit": limit}
        return tuple(map(entry_from_row, EVENTS_AFTER.all(self._connection, parameters)))

    def last_seq(self) -> int:
        """Return the position of the latest entry; 0 if there is none."""
        return self._events.last_seq

    def policy_entry(self, policy: PolicyVersion) -> LedgerEntry | None:
        """Return the entry that set a version of a policy, or None if there is none."""
        self._events.store()
        parameters = {"set_at": to_rfc3339(policy.created_at)}
        for row in POLICY_EVENTS_AT.all(self._connection, parameters):
            entry = entry_from_row(row)
            data = entry.event.data
            if find_recorded_policy(data, policy.environment, policy.version) is not None:
                return entry
        return None

    def hash_of(self, seq: int) -> str:
        """Return the hash of an event."""
        self._events.store()
        entry_hash: str = HASH_BY_SEQ.scalar(self._connection, {"of_seq": seq})
        return entry_hash

    def head(self, *, size: int | None = None) -> LogHead:
        """Return the tree head of the log, or the one that it had with `size` events."""
        self._events.store()
        head_size = self._events.last_seq if size is None else size
        return LogHead(head_size, root_at(self._connection, head_size))

    def inclusion_proof(self, seq: int, *, size: int) -> Sequence[bytes]:
        """Return the proof that an event is one of the first `size` events."""
        self._events.store()
        return inclusion_proof_of(self._connection, seq, size)

    def consistency_proof(self, old_size: int, *, size: int) -> Sequence[bytes]:
        """Return the proof that the log of `size` events extends the log of `old_size` events."""
        self._events.store()
        return consistency_proof_between(self._connection, old_size, size)
