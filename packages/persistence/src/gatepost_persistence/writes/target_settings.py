"""Repository of target settings, inside a transaction."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import islice

from sqlalchemy import Connection, bindparam, select, text

from gatepost_domain.catalog.target import Target
from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import Event, to_rfc3339
from gatepost_persistence.mapping.catalog import (
    target_from_event,
    target_from_row,
    target_to_row,
)
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.mapping.recorded_tables import TARGET_SETTINGS
from gatepost_persistence.mapping.values import encode_json
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.catalog import TargetSettingsRow
from gatepost_persistence.tables.events import SETS_TARGETS, EventRow
from gatepost_persistence.writes.events import SqlEventAppender
from gatepost_persistence.writes.joined_session import JoinedSession, StaleRow
from gatepost_persistence.writes.lookup_cache import LookupCache
from gatepost_persistence.writes.table_repositories import TargetSettingsRepository

_targets = TargetSettingsRow.table()
_events = EventRow.table()

TARGET_BY_LANE = PreparedStatement(
    select(_targets)
    .where(_targets.c.service == bindparam("in_service"))
    .where(_targets.c.environment == bindparam("in_environment"))
)


TARGET_EVENTS_AT = PreparedStatement(
    select(_events)
    .where(text(SETS_TARGETS))
    .where(_events.c.at == bindparam("set_at"))
    .order_by(_events.c.seq)
)


TARGET_EVENTS_OF_LANE = PreparedStatement(
    select(_events)
    .where(text(SETS_TARGETS))
    .where(_events.c.data.contains(bindparam("service_member")))
    .where(_events.c.data.contains(bindparam("environment_member")))
    .order_by(_events.c.at.desc(), _events.c.seq.desc())
)
"""Reads events whose data contains both members, even if only in another target's settings."""


class SqlTargetSettings:
    """The SQL repository for target settings."""

    def __init__(
        self, connection: Connection, events: SqlEventAppender, lookups: LookupCache
    ) -> None:
        self._connection = connection
        self._session = JoinedSession(connection, lookups)
        self._lookups = lookups
        self._events = events

    def find(self, service: str, environment: str) -> Target | None:
        """Return the target, or None if it was never configured."""
        load = partial(self._load, service, environment)
        return self._lookups.find((Target, service, environment), load)

    def get_version(
        self, service: str, environment: str, version: int, *, set_at: datetime
    ) -> Target:
        """Return the target with one version of its settings."""
        current = self.find(service, environment)
        if current is not None and current.revision == version:
            return current
        self._events.store()
        rows = TARGET_EVENTS_AT.all(self._connection, {"set_at": to_rfc3339(set_at)})
        key = service, environment, version
        targets = (target_from_event(entry_from_row(row).event) for row in rows)
        return next(
            target
            for target in targets
            if (target.service, target.environment, target.revision) == key
        )

    def list_versions(
        self, service: str, environment: str, *, before: int | None = None, limit: int
    ) -> tuple[Target, ...]:
        """Return the versions of a target's settings, newest first, from the events that set them.

        This may read every event that set a version of any target.
        """
        self._events.store()
        members = {
            "service_member": f'"service":{encode_json(service)}',
            "environment_member": f'"environment":{encode_json(environment)}',
        }
        rows = TARGET_EVENTS_OF_LANE.all(self._connection, members)
        targets = (target_from_event(entry_from_row(row).event) for row in rows)
        versions = (
            target
            for target in targets
            if (target.service, target.environment) == (service, environment)
            and (before is None or target.revision < before)
        )
        return tuple(islice(versions, limit))

    def put(self, target: Target, event: Event) -> None:
        """Store the next revision of a target. The first revision creates the target.

        Raises:
            ConcurrentUpdate: the stored revision is not the previous one.
        """
        values = target_to_row(target)
        row = TargetSettingsRow(**values)
        is_new = self.find(target.service, target.environment) is None
        if is_new and target.revision == 1:
            self._session.add(TargetSettingsRepository, row)
            self._events.append(event, TARGET_SETTINGS.item_for_new_row(values))
        else:
            state = TARGET_SETTINGS.items_before_update(self._connection, values)
            self._update(row, target)
            self._events.append(event, *state)

    def _load(self, service: str, environment: str) -> Target | None:
        lane = {"in_service": service, "in_environment": environment}
        row = TARGET_BY_LANE.one_or_none(self._connection, lane)
        return None if row is None else target_from_row(row)

    def _update(self, row: TargetSettingsRow, target: Target) -> None:
        previous = TargetSettingsRow.revision == target.revision - 1
        try:
            self._session.update(TargetSettingsRepository, row, previous)
        except StaleRow as error:
            raise ConcurrentUpdate("target", f"{target.service} in {target.environment}") from error
