"""Repository of settings changes, inside a transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from gatepost_persistence.mapping.recorded_tables import SETTINGS_CHANGES
from gatepost_persistence.mapping.settings_changes import (
    decision_values,
    settings_change_from_row,
    settings_change_to_row,
)
from gatepost_persistence.mapping.values import RowValues
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.settings_changes import SettingsChangeRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import SettingsChangeRepository

_changes = SettingsChangeRow.table()

PENDING_SETTINGS_CHANGES = PreparedStatement(
    select(_changes)
    .where(_changes.c.state == str.__str__(SettingsChangeState.PENDING))
    .order_by(_changes.c.number)
)


class SqlSettingsChanges:
    """The SQL repository for settings changes."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._events = events

    def get(self, change: UUID) -> SettingsChange:
        """Return the settings change with this id.

        Raises:
            NotFound: there is no such settings change.
        """
        with self._session.open(SettingsChangeRepository) as changes:
            row = changes.get_one_or_none(id=str(change))
        if row is None:
            raise NotFound("settings_change", str(change))
        return settings_change_from_row(row)

    def list_pending(self) -> tuple[SettingsChange, ...]:
        """Return the settings changes that are waiting for a decision, oldest first."""
        rows = PENDING_SETTINGS_CHANGES.all(self._connection)
        return tuple(map(settings_change_from_row, rows))

    def add(self, change: SettingsChange, event: Event) -> None:
        """Store a new settings change; `event` records it."""
        values = settings_change_to_row(change)
        self._session.add(SettingsChangeRepository, SettingsChangeRow(**values))
        self._events.append(event, SETTINGS_CHANGES.item_for_new_row(values))

    def save_decision(self, change: SettingsChange, event: Event) -> None:
        """Store the decision on a settings change. Its other fields never change."""
        values: RowValues = {"id": str(change.id), **decision_values(change)}
        state = SETTINGS_CHANGES.items_before_update(self._connection, values)
        self._session.update(SettingsChangeRepository, SettingsChangeRow(**values))
        self._events.append(event, *state)
