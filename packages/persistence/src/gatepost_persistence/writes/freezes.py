"""Repository of freezes and allow windows, inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event, to_rfc3339
from gatepost_domain.freezes.freeze import Freeze
from gatepost_persistence.mapping.freezes import freeze_from_row, freeze_to_row
from gatepost_persistence.mapping.recorded_tables import FREEZES, StateItem
from gatepost_persistence.mapping.values import RowValues, format_optional_instant
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import FreezeRepository

_freezes = FreezeRow.table()

ACTIVE_FREEZES = PreparedStatement(
    select(_freezes)
    .where(_freezes.c.lifted_at.is_(None))
    .where(or_(_freezes.c.ends_at.is_(None), _freezes.c.ends_at > bindparam("at")))
    .order_by(_freezes.c.number)
)


class SqlFreezes:
    """The SQL repository for freezes and allow windows."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._lookups = lookups
        self._events = events

    def get(self, freeze: UUID) -> Freeze:
        """Return the freeze with this id.

        Raises:
            NotFound: there is no such freeze.
        """
        with self._session.open(FreezeRepository) as freezes:
            row = freezes.get_one_or_none(id=str(freeze))
        if row is None:
            raise NotFound("freeze", str(freeze))
        return freeze_from_row(row)

    def list_current_and_future(self, at: datetime) -> tuple[Freeze, ...]:
        """Return the freezes that have neither been lifted nor ended, oldest first."""
        rows = ACTIVE_FREEZES.all(self._connection, {"at": to_rfc3339(at)})
        return tuple(map(freeze_from_row, rows))

    def add(self, freeze: Freeze, event: Event) -> None:
        """Store a new freeze; `event` records it."""
        values = freeze_to_row(freeze)
        self._session.add(FreezeRepository, FreezeRow(**values))
        self._events.append(event, FREEZES.item_for_new_row(values))

    def save_lifted(self, freeze: Freeze, event: Event) -> None:
        """Store that a freeze was lifted. Its other fields never change."""
        self._events.append(event, *self._lift(freeze))

    def save_series(self, added: Sequence[Freeze], lifted: Sequence[Freeze], event: Event) -> None:
        """Store new and lifted freezes together; `event` records all of them."""
        state = [item for freeze in lifted for item in self._lift(freeze)]
        for freeze in added:
            values = freeze_to_row(freeze)
            self._session.add(FreezeRepository, FreezeRow(**values))
            state.append(FREEZES.item_for_new_row(values))
        self._events.append(event, *state)

    def _lift(self, freeze: Freeze) -> Sequence[StateItem]:
        values: RowValues = {
            "id": str(freeze.id),
            "lifted_at": format_optional_instant(freeze.lifted_at),
            "lifted_by": freeze.lifted_by,
            "lift_reason": freeze.lift_reason,
        }
        state = FREEZES.items_before_update(self._connection, values)
        self._session.update(FreezeRepository, FreezeRow(**values))
        return state
