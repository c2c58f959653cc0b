"""The tables whose rows are recorded in events, and the items in an event's `data.state`.

`gatepost_domain.verification.recorded_rows` describes the items and verifies them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import msgspec
from sqlalchemy import Boolean, Connection, Table, bindparam, select

from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.blocks_and_holds import HoldRow, VersionBlockRow
from gatepost_persistence.tables.catalog import (
    EnvironmentRow,
    PolicyRow,
    ServiceRow,
    TargetSettingsRow,
    VersionRow,
)
from gatepost_persistence.tables.check_runs import CheckRunRow
from gatepost_persistence.tables.claims import ClaimRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.tables.idempotency import IdempotencyRecordRow
from gatepost_persistence.tables.incidents import IncidentRow
from gatepost_persistence.tables.ingest import IngestDeliveryRow, IngestSourceRow
from gatepost_persistence.tables.lanes_and_current_state import RetirementRow
from gatepost_persistence.tables.notifications import NotificationChannelRow
from gatepost_persistence.tables.passkeys import PasskeyRow
from gatepost_persistence.tables.settings_changes import SettingsChangeRow
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.tables.webhooks import WebhookRow

StateItem = str
"""What an event records about rows: an item in its `data.state`, as canonical JSON."""

Values = Mapping[str, object]

encode_canonical: Final = msgspec.json.Encoder(order="sorted").encode
"""Encodes text, integers, Booleans and None, in lists and mappings, five times as fast as
`gatepost_domain.verification.event_hash.canonical_json`, with the same result."""


class RecordedTable:
    """A table whose rows are recorded in events.

    Columns are recorded unless they are computed or marked as `UNRECORDED`. Columns marked as
    `RECORDED_AS_DIGEST` may be confidential or long; only their digests are recorded.
    """

    def __init__(self, row: type[Row], *key: str) -> None:
        self.table: Table = row.table()
        self.name: Final = str.__str__(self.table.name)
        self._key: Final = key
        recorded = [
            column
            for column in self.table.columns
            if column.computed is None and column.info.get("recorded", True)
        ]
        self.columns: Final = frozenset(column.name for column in recorded)
        self._digested: Final = frozenset(
            column.name for column in recorded if column.info.get("as_digest")
        )
        self._booleans: Final = frozenset(
            column.name for column in recorded if isinstance(column.type, Boolean)
        )
        self._hidden_key: Final = not self._digested.isdisjoint(key)

    def key(self, values: Values) -> list[str]:
        """Return the key of a row, in the form used in events."""
        parts = [str(values[name]) for name in self._key]
        return [_digest_of("\n".join(parts))] if self._hidden_key else parts

    def recorded_columns(self, values: Values) -> dict[str, object]:
        """Return the recorded columns of a row that are not null, in the form used in events."""
        columns = {
            name: value
            for name, value in values.items()
            if value is not None and name in self.columns
        }
        for name in self._booleans:
            if name in columns:
                columns[name] = int(bool(columns[name]))
        for name in self._digested:
            if name in columns:
                columns[name] = _digest_of(columns[name])
        return columns

    def item_for_new_row(self, values: Values) -> StateItem:
        """Return the item for a new row. `values` has every column that is not null."""
        row = encode_canonical(self.recorded_columns(values))
        return (
            f'{{"digest":"{sha256(row).hexdigest()}","key":{self._key_text(values)},'
            f'"row":{row.decode()},"table":"{self.name}"}}'
        )

    def item_for_update(
        self, previous: Values, values: Values, *, removed: Values | None = None
    ) -> StateItem:
        """Return the item for an update of the stored row `previous` with new `values`.

        `removed` maps the columns that a migration drops to None.
        """
        before = self.recorded_columns(previous)
        after = self.recorded_columns({**previous, **values})
        changes = {
            name: after.get(name)
            for name in values
            if name in self.columns and after.get(name) != before.get(name)
        }
        changes.update(removed or {})
        return (
            f'{{"changes":{encode_canonical(changes).decode()},'
            f'"digest":"{sha256(encode_canonical(after)).hexdigest()}",'
            f'"key":{self._key_text(previous)},"table":"{self.name}"}}'
        )

    def item_for_removal(self, values: Values) -> StateItem:
        """Return the item for a row that was removed. `values` has at least the key."""
        return f'{{"digest":null,"key":{self._key_text(values)},"table":"{self.name}"}}'

    def find_row(self, connection: Connection, values: Values) -> dict[str, object] | None:
        """Return the stored row with the key in `values`, or None if there is none."""
        parameters = {f"key_{name}": values[name] for name in self._key}
        row = self._by_key.one_or_none(connection, parameters)
        return None if row is None else row._asdict()

    def find_row_or_empty(self, connection: Connection, values: Values) -> Values:
        """Return the stored row with the key in `values`, or an empty mapping if there is none."""
        return self.find_row(connection, values) or {}

    def items_before_update(self, connection: Connection, values: Values) -> tuple[StateItem, ...]:
        """Return the item for an update about to be made, or no item if there is no such row."""
        previous = self.find_row(connection, values)
        return () if previous is None else (self.item_for_update(previous, values),)

    def items_before_removal(self, connection: Connection, values: Values) -> tuple[StateItem, ...]:
        """Return the item for a removal about to be made, or no item if there is no such row."""
        previous = self.find_row(connection, values)
        return () if previous is None else (self.item_for_removal(previous),)

    @cached_property
    def _by_key(self) -> PreparedStatement:
        keys = (self.table.c[name] == bindparam(f"key_{name}") for name in self._key)
        return PreparedStatement(select(self.table).where(*keys))

    def _key_text(self, values: Values) -> str:
        return encode_canonical(self.key(values)).decode()


def encode_data(data: Mapping[str, object], state: list[StateItem]) -> str:
    """Return an event's data as canonical JSON, with these items as `state`."""
    if not state:
        return encode_canonical(data).decode()
    before = encode_canonical({name: value for name, value in data.items() if name < "state"})
    after = encode_canonical({name: value for name, value in data.items() if name > "state"})
    parts = (before[1:-1].decode(), f'"state":[{",".join(state)}]', after[1:-1].decode())
    return f"{{{','.join(filter(None, parts))}}}"


def _digest_of(value: Any) -> str:
    content = value if isinstance(value, bytes) else str(value).encode()
    return f"sha256:{sha256(content).hexdigest()}"


DEPLOYMENTS: Final = RecordedTable(DeploymentRow, "number")
SERVICES: Final = RecordedTable(ServiceRow, "name")
VERSIONS: Final = RecordedTable(VersionRow, "service", "version")
ENVIRONMENTS: Final = RecordedTable(EnvironmentRow, "name")
POLICIES: Final = RecordedTable(PolicyRow, "environment", "version")
TARGET_SETTINGS: Final = RecordedTable(TargetSettingsRow, "service", "environment")
USERS: Final = RecordedTable(UserRow, "key")
TOKENS: Final = RecordedTable(TokenRow, "id")
PASSKEYS: Final = RecordedTable(PasskeyRow, "id")
FREEZES: Final = RecordedTable(FreezeRow, "id")
INCIDENTS: Final = RecordedTable(IncidentRow, "id")
VERSION_BLOCKS: Final = RecordedTable(VersionBlockRow, "service", "environment", "version")
HOLDS: Final = RecordedTable(HoldRow, "service", "environment")
CLAIMS: Final = RecordedTable(ClaimRow, "id")
CHECK_RUNS: Final = RecordedTable(CheckRunRow, "id")
WEBHOOKS: Final = RecordedTable(WebhookRow, "id")
NOTIFICATION_CHANNELS: Final = RecordedTable(NotificationChannelRow, "id")
SETTINGS_CHANGES: Final = RecordedTable(SettingsChangeRow, "id")
RETIREMENTS: Final = RecordedTable(RetirementRow, "seq")
INGEST_SOURCES: Final = RecordedTable(IngestSourceRow, "kind")
INGEST_DELIVERIES: Final = RecordedTable(IngestDeliveryRow, "id")
IDEMPOTENCY_RECORDS: Final = RecordedTable(IdempotencyRecordRow, "caller", "key")

RECORDED_TABLES: Final = (
    DEPLOYMENTS,
    SERVICES,
    VERSIONS,
    ENVIRONMENTS,
    POLICIES,
    TARGET_SETTINGS,
    USERS,
    TOKENS,
    PASSKEYS,
    FREEZES,
    VERSION_BLOCKS,
    HOLDS,
    CLAIMS,
    RETIREMENTS,
    SETTINGS_CHANGES,
    CHECK_RUNS,
    INGEST_SOURCES,
    INGEST_DELIVERIES,
    WEBHOOKS,
    NOTIFICATION_CHANNELS,
    INCIDENTS,
    IDEMPOTENCY_RECORDS,
)
"""Every table except those of events, deliveries to webhooks, notifications, answers to jobs,
projections of other tables, and reported steps. The event that ends a rollout contains a digest
of the rollout's steps."""
