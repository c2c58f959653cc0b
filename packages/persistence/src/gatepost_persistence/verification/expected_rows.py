"""Collecting from the event log the expected state of rows that belong to no deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.recorded_rows import Columns, RecordedRow
from gatepost_persistence.mapping.import_column_checksums import Sums
from gatepost_persistence.mapping.recorded_tables import encode_canonical
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.catalog import EnvironmentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.tables.idempotency import IdempotencyRecordRow
from gatepost_persistence.verification.started_event_tiers import (
    ProductionSince,
    add_environment_item,
)
from gatepost_persistence.verification.target_settings_versions import (
    TargetVersions,
    add_target_version,
)

_events = EventRow.table()
_environments = EnvironmentRow.table()
_responses = IdempotencyRecordRow.table()

OLDEST_RESPONSE = PreparedStatement(select(func.min(_responses.c.created_at)))
EVENT_BY_SEQ = PreparedStatement(select(_events).where(_events.c.seq == bindparam("seq")))

OF_DEPLOYMENTS: Final = frozenset({"deployments", "claims"})
"""The tables whose rows are verified together with the events of their deployment."""

STARTS: Final = frozenset({"started", "taken_over"})
"""The kinds of events that can also record a claim."""

_decode_object: Final = msgspec.json.Decoder(dict[str, Any]).decode

_DEPLOYMENT_ITEM: Final = '"table":"deployments"}'
_CLAIM_ITEM: Final = '"table":"claims"}'
_ANY_ITEM: Final = '"table":"'
"""A text in every item of `data.state`; inside JSON strings, its quotation marks are escaped."""

MALFORMED: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""The errors raised when data does not have the expected structure."""

RowKey = tuple[str, ...]
"""The table and the key of a row."""


@dataclass(slots=True)
class RowHistory:
    """The `seqs` of the events that recorded a row, and the digest in the last of them."""

    digest: str | None
    seqs: list[int]
    is_continuation: bool = False
    """Whether the first of these events only changed the row, which an earlier event recorded."""


@dataclass(frozen=True, slots=True)
class ImportEvent:
    """What an import event records about the rows that the import stored."""

    seq: int
    at: str
    imported: int
    digest: str
    first_number: int
    last_number: int
    versions: Mapping[str, Any] | None
    """The item in `data.state` for versions; None if no version was created or the event is old."""
    shared: Columns | None
    """The columns that all deployments share; None if the event is too old to have them."""
    sums: Sums | None
    """The sums that locate a changed value; None if the event is too old to have them."""
    has_outcomes: bool
    """Whether some deployments did not simply succeed; the digest covers how they ended."""


@dataclass(slots=True)
class LogContents:
    """The contents of the log that the verification of rows needs.

    Memory use grows with the number of versions, tokens and other rows in `rows`.
    """

    oldest_response: str
    """When the oldest stored response was created; older ones have expired and been deleted."""
    rows: dict[RowKey, RowHistory] = field(default_factory=dict)
    imports: dict[int, ImportEvent] = field(default_factory=dict)
    adopted: Mapping[str, Any] | None = None
    """The tables in the event that adopted the rows older than the recorded state."""
    retired: dict[tuple[str, str], str] = field(default_factory=dict)
    """When each lane was last retired, by service and environment."""
    targets: TargetVersions = field(default_factory=TargetVersions)
    """The recorded versions of target settings."""
    production_since: ProductionSince = field(default_factory=ProductionSince)
    faults: list[Fault] = field(default_factory=list)
    """The faults for events with malformed data; such events are otherwise ignored."""

    @classmethod
    def empty(cls, connection: Connection) -> LogContents:
        """Return the contents before any event is added."""
        oldest: str | None = OLDEST_RESPONSE.scalar(connection)
        return cls(oldest_response=oldest or "9")

    def add(self, event: Mapping[str, Any]) -> None:
        """Add an event, given by its columns."""
        if is_only_about_a_deployment(event["deployment_id"], event["kind"], event["data"]):
            return
        try:
            self._add(event)
        except MALFORMED as error:
            self.faults.append(malformed_event_fault(event["seq"], error))

    def extend(self, later: LogContents) -> None:
        """Add the contents of the section of the log that follows."""
        for key, history in later.rows.items():
            known = self.rows.get(key) if history.is_continuation else None
            if known is None:
                self.rows[key] = history
            else:
                known.digest = history.digest
                known.seqs += history.seqs
        self.imports |= later.imports
        self.adopted = later.adopted or self.adopted
        for lane, at in later.retired.items():
            self.retired[lane] = max(self.retired.get(lane, ""), at)
        self.targets |= later.targets
        self.production_since = later.production_since | self.production_since
        self.faults += later.faults

    def without_rows(self) -> LogContents:
        """Return a copy without rows and faults, for the verification of deployments."""
        return replace(self, rows={}, faults=[])

    def _add(self, event: Mapping[str, Any]) -> None:
        data, kind, seq = parse_data(event["data"]), event["kind"], event["seq"]
        for item in data.get("state", ()):
            if "key" in item:
                self._add_item(item, seq)
        if kind == "history_imported":
            self.imports[seq] = _to_import_event(event, data)
        elif kind == "state_adopted":
            self.adopted = data["tables"]
        elif kind == "target_retired":
            lane = data["service"], data["environment"]
            self.retired[lane] = max(self.retired.get(lane, ""), data["retired_at"])
        elif kind == "target_changed":
            add_target_version(self.targets, event, data)

    def _add_item(self, item: Mapping[str, Any], seq: int) -> None:
        table = item["table"]
        if table in OF_DEPLOYMENTS:
            return
        if table == _responses.name and item["row"]["created_at"] < self.oldest_response:
            return  # it has expired
        if table == _environments.name:
            add_environment_item(self.production_since, item, seq)
        key = (table, *item["key"])
        history = self.rows.get(key)
        if history is None or "row" in item:
            self.rows[key] = RowHistory(item["digest"], [seq], "row" not in item)
        else:
            history.digest = item["digest"]
            if history.seqs[-1] != seq:
                history.seqs.append(seq)


def load_recorded_row(connection: Connection, key: RowKey, history: RowHistory) -> RecordedRow:
    """Return the state that the events in the history of a row recorded."""
    recorded = RecordedRow()
    for seq in history.seqs:
        event = EVENT_BY_SEQ.one(connection, {"seq": seq})
        for item in parse_data(event.data).get("state", ()):
            if "key" in item and (item["table"], *item["key"]) == key:
                recorded.apply(item, seq, recorded_digest)
    return recorded


def fast_row_digest(columns: Columns) -> str:
    """Return the same digest as `recorded_rows.row_digest`, five times as fast.

    An empty string if a value is binary, because events record no binary values.
    """
    present = {name: value for name, value in columns.items() if value is not None}
    return digest_of_row(present)


def recorded_digest(columns: Columns) -> str:
    """Return the same digest as `recorded_rows.row_digest`, for columns parsed from JSON."""
    if None in columns.values():
        columns = {name: value for name, value in columns.items() if value is not None}
    return sha256(encode_canonical(columns)).hexdigest()


def digest_of_row(columns: Columns) -> str:
    """Return the digest of columns that are not null, or an empty string if any value is a blob.

    Events record no blobs. msgspec would encode a blob like a text, so it could go unnoticed.
    """
    if bytes in set(map(type, columns.values())):
        return ""
    return sha256(encode_canonical(columns)).hexdigest()


def parse_data(text: str) -> Mapping[str, Any]:
    """Return the data of an event; empty if it is unreadable, which is reported elsewhere."""
    try:
        return _decode_object(text)
    except (msgspec.DecodeError, TypeError):
        return {}


def is_only_about_a_deployment(deployment_id: str | None, kind: str, data: str) -> bool:
    """Return whether the data of an event concerns no rows except its deployment and its claim."""
    if deployment_id is None:
        return False
    items = data.count(_ANY_ITEM)
    if items == 0:
        return True
    return items == data.count(_DEPLOYMENT_ITEM) + (
        data.count(_CLAIM_ITEM) if kind in STARTS else 0
    ) and (items == 1 or kind in STARTS)


def malformed_event_fault(seq: int, error: Exception) -> Fault:
    """Return the fault for an event whose data lacks the structure that its kind requires."""
    detail = (
        f"The data of event {seq} does not have the structure that its kind requires: "
        f"{type(error).__name__}: {error}."
    )
    return Fault("event_malformed", EventRow.table_name(), f"event {seq}", "data", detail)


def _to_import_event(event: Mapping[str, Any], data: Mapping[str, Any]) -> ImportEvent:
    bulk: Iterator[Mapping[str, Any]] = (item for item in data.get("state", ()) if "rows" in item)
    items = {item["table"]: item for item in bulk}
    deployments = items.get("deployments")
    return ImportEvent(
        seq=event["seq"],
        at=event["at"],
        imported=data["imported"],
        digest=data["digest"],
        first_number=data["first_number"],
        last_number=data["last_number"],
        versions=items.get("versions"),
        shared=None if deployments is None else deployments["row"],
        sums=None if deployments is None else deployments.get("sums"),
        has_outcomes="outcomes" in data,
    )
