"""Verification of deployments with their events, claims and steps, in order of number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, Table, bindparam, select

from gatepost_domain.tracking.import_result import ImportedRow
from gatepost_domain.verification.deployment_from_events import canonical_time
from gatepost_domain.verification.deployment_history import check_history
from gatepost_domain.verification.faults import Fault
from gatepost_domain.verification.recorded_rows import RecordedRow, find_row_faults
from gatepost_persistence.mapping.imported_outcomes import OUTCOME_COLUMNS
from gatepost_persistence.mapping.recorded_tables import (
    CLAIMS,
    DEPLOYMENTS,
    POLICIES,
    encode_canonical,
)
from gatepost_persistence.statements.prepared_statement import PreparedStatement
from gatepost_persistence.tables.claims import ClaimRow, StepRow
from gatepost_persistence.tables.deployments import DeploymentRow
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.verification.adopted_rows import find_digests_of_adopted_rows
from gatepost_persistence.verification.current_state import LiveDeployments
from gatepost_persistence.verification.event_log import EVENT_COLUMNS
from gatepost_persistence.verification.expected_rows import (
    MALFORMED,
    ImportEvent,
    LogContents,
    digest_of_row,
    fast_row_digest,
    malformed_event_fault,
    parse_data,
    recorded_digest,
)
from gatepost_persistence.verification.imports import ImportVerifier
from gatepost_persistence.verification.reported_steps import find_step_faults
from gatepost_persistence.verification.row_names import subject_of
from gatepost_persistence.verification.started_event_tiers import find_starts_with_wrong_tier
from gatepost_persistence.verification.target_settings_versions import find_target_faults

BATCH_SIZE: Final = 500


class NumberSection(NamedTuple):
    """The deployments with a number above `after`, up to `last`."""

    after: int
    last: int


EVERY_NUMBER: Final = NumberSection(-(2**63), 2**63 - 1)
"""Numbers begin with 1, but a forged row can have any number."""

_decode: Final = msgspec.json.Decoder().decode

_deployments = DeploymentRow.table()
_events = EventRow.table()
_claims = ClaimRow.table()
_steps = StepRow.table()

TARGET_COLUMNS: Final = frozenset({"target_version", "target_digest", "target_set_at"})

_JSON_COLUMNS: Final = frozenset(
    {
        "approvals",
        "break_glass",
        "identities",
        "independence",
        "overrides",
        "promotion_blocked",
        "work_references",
    }
)

DEPLOYMENTS_AFTER = PreparedStatement(
    select(_deployments)
    .where(_deployments.c.number > bindparam("after"))
    .where(_deployments.c.number <= bindparam("last"))
    .order_by(_deployments.c.number)
    .limit(BATCH_SIZE),
    named=False,
)
_COLUMNS: Final = tuple(column.name for column in _deployments.columns)


def _select_rows_of_batch(table: Table, order: str, *, named: bool = True) -> PreparedStatement:
    """Return a statement for the rows of a table that belong to a batch of deployments."""
    statement: Select[Any] = (
        select(table)
        .join(_deployments, _deployments.c.id == table.c.deployment_id)
        .where(_deployments.c.number > bindparam("after"))
        .where(_deployments.c.number <= bindparam("last"))
        .order_by(_deployments.c.number, table.c[order])
    )
    return PreparedStatement(statement, named=named)


EVENTS_OF_BATCH = _select_rows_of_batch(_events, "seq", named=False)
CLAIMS_OF_BATCH = _select_rows_of_batch(_claims, "fencing_token")
STEPS_OF_BATCH = _select_rows_of_batch(_steps, "number")


@dataclass(frozen=True, slots=True)
class _RowsOfBatch:
    """The rows that belong to a batch of deployments, by deployment id."""

    events: Mapping[str, Sequence[Any]]
    claims: Mapping[str, Sequence[Any]]
    steps: Mapping[str, Sequence[Any]]
    adopted: Mapping[int, str]
    """The digests of the adopted deployments, by number."""
    adopted_claims: Mapping[str, str]
    """The digests of the adopted claims, by id."""


@dataclass(slots=True)
class _StateFromEvents:
    """The state that the events of one deployment recorded."""

    row: RecordedRow
    claims: dict[str, RecordedRow] = field(default_factory=dict)
    steps: Mapping[str, Any] | None = None
    """The data of the event with the digest of the steps; None if there is no such event."""
    faults: list[Fault] = field(default_factory=list)

    def add(self, event: Mapping[str, Any], number: int) -> None:
        """Apply an event of the deployment with this number."""
        data = event["data"]
        if "steps_digest" in data:
            self.steps = data
        for item in data.get("state", ()):
            if item["table"] == "deployments" and item["key"] == [str(number)]:
                self.row.apply(item, event["seq"], recorded_digest)
            elif item["table"] == "claims":
                claim = self.claims.setdefault(item["key"][0], RecordedRow())
                claim.apply(item, event["seq"], recorded_digest)


class DeploymentsVerifier:
    """Verifies all deployments, in batches so that memory use stays constant."""

    def __init__(self, connection: Connection, log: LogContents) -> None:
        self._connection = connection
        self._log = log
        self.live = LiveDeployments(log)
        self._imports = ImportVerifier(log.imports, EVERY_NUMBER)
        self._find_policy = cache(self._load_policy)

    def find_faults(self, section: NumberSection = EVERY_NUMBER) -> Iterator[Fault]:
        """Yield the faults of the deployments in a section, and of the imports that begin there.

        A section starts after the number of a stored deployment, and never divides an import.
        """
        after, last = section.after, max(0, section.after)
        self._imports = ImportVerifier(self._log.imports, section)
        while rows := DEPLOYMENTS_AFTER.all(
            self._connection, {"after": after, "last": section.last}
        ):
            deployments = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
            batch = self._read_batch(deployments, after)
            for values in deployments:
                number = values["number"]
                if number > last + 1:
                    yield _missing_numbers_fault(last + 1, number - 1)
                last = max(last, number)
                yield from self._verify(values, batch)
            after = deployments[-1]["number"]
        last_imported = max((event.last_number for event in self._log.imports.values()), default=0)
        if section.last == EVERY_NUMBER.last and last_imported > last:
            yield _missing_numbers_fault(last + 1, last_imported)
        yield from self._imports.find_faults(self._connection)

    def _read_batch(self, rows: Sequence[Mapping[str, Any]], after: int) -> _RowsOfBatch:
        """Read the rows that belong to these deployments, whose numbers follow `after`."""
        period = {"after": after, "last": rows[-1]["number"]}
        claim_rows = CLAIMS_OF_BATCH.all(self._connection, period)
        return _RowsOfBatch(
            events=_group_by_deployment(EVENTS_OF_BATCH.all(self._connection, period), _events),
            claims=_group_by_deployment(claim_rows, _claims),
            steps=_group_by_deployment(STEPS_OF_BATCH.all(self._connection, period), _steps),
            adopted=self._find_digests_of_adopted_rows(
                "deployments", [row["number"] for row in rows]
            ),
            adopted_claims=self._find_digests_of_adopted_rows(
                "claims", [claim.id for claim in claim_rows]
            ),
        )

    def _verify(self, values: Mapping[str, Any], batch: _RowsOfBatch) -> Iterator[Fault]:
        number, deployment_id = values["number"], values["id"]
        events = [_to_event(event_row) for event_row in batch.events.get(deployment_id, ())]
        stored = DEPLOYMENTS.recorded_columns(values)
        imported = self._log.imports.get(values["import_seq"])
        recorded = _apply_events(events, number, _recorded_by_import(stored, imported))
        yield from recorded.faults
        if recorded.row.digest is None and recorded.row.seq == 0:
            recorded.row.digest = batch.adopted.get(number)
        digest, row_faults = digest_of_row(stored), []
        if digest != recorded.row.digest or recorded.row.hidden_change_seq is not None:
            subject = subject_of("deployments", [str(number)])
            row_faults = list(
                find_row_faults("deployments", subject, stored, recorded.row, digest=digest)
            )
            yield from row_faults
        if imported is not None:
            yield from self._imports.add(values)
        if imported is None:
            policy = self._find_policy(values["environment"], values["policy_version"])
            result = check_history(events, policy, number=number)
            yield from result.faults
            known = {fault.field for fault in row_faults}
            if known.isdisjoint(TARGET_COLUMNS):
                yield from find_target_faults(values, events, self._log.targets)
            yield from find_starts_with_wrong_tier(values, events, self._log.production_since)
            yield from _outcome_faults(number, values, result.outcome, known)
        claims = batch.claims.get(deployment_id, ())
        if claims or recorded.claims:
            yield from _claim_faults(claims, recorded.claims, batch.adopted_claims)
        if recorded.steps is not None:
            yield from find_step_faults(number, batch.steps.get(deployment_id, ()), recorded.steps)
        self.live.add(values, events)

    def _find_digests_of_adopted_rows(self, table: str, keys: Sequence[Any]) -> Mapping[Any, str]:
        if self._log.adopted is None or table not in self._log.adopted:
            return {}
        texts = {encode_canonical([str(key)]).decode(): key for key in keys}
        digests = find_digests_of_adopted_rows(self._connection, table, list(texts))
        return {texts[text]: digest for text, digest in digests.items()}

    def _load_policy(self, environment: str, version: int) -> Mapping[str, Any] | None:
        row = POLICIES.find_row(self._connection, {"environment": environment, "version": version})
        if row is None:
            return None
        return {**parse_data(str(row["policy"])), "version": version}


def _group_by_deployment(rows: Sequence[Any], table: Table) -> Mapping[str, Sequence[Any]]:
    """Group the rows of a table by deployment id."""
    position = table.columns.keys().index("deployment_id")
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row[position]].append(row)
    return grouped


def _missing_numbers_fault(first: int, last: int) -> Fault:
    """Return the fault for deployment numbers that are missing from the sequence."""
    subject = f"DEP-{first}" if first == last else f"DEP-{first} to DEP-{last}"
    detail = "Deployment numbers must have no gaps, but this part of the sequence is missing."
    return Fault("row_missing", "deployments", subject, None, detail)


def _to_event(row: Sequence[Any]) -> dict[str, Any]:
    event = dict(zip(EVENT_COLUMNS, row, strict=True))
    event["data"] = parse_data(event["data"])
    return event


def _apply_events(
    events: Sequence[Mapping[str, Any]], number: int, before: RecordedRow
) -> _StateFromEvents:
    """Apply the events to the state recorded `before` them, and return the result."""
    recorded = _StateFromEvents(before)
    for event in events:
        try:
            recorded.add(event, number)
        except MALFORMED as error:
            recorded.faults.append(malformed_event_fault(event["seq"], error))
    return recorded


def _claim_faults(
    claims: Sequence[Any], recorded: Mapping[str, RecordedRow], adopted: Mapping[str, str]
) -> Iterator[Fault]:
    missing = dict(recorded)
    for claim in claims:
        expected = missing.pop(claim.id, None) or RecordedRow(adopted.get(claim.id))
        stored = CLAIMS.recorded_columns(claim._asdict())
        subject, digest = subject_of("claims", [claim.id]), digest_of_row(stored)
        yield from find_row_faults("claims", subject, stored, expected, digest=digest)
    for claim_id, row in missing.items():
        detail = f"Event {row.seq} recorded the claim, but it is not stored."
        yield Fault("row_missing", "claims", subject_of("claims", [claim_id]), None, detail)


def _recorded_by_import(stored: Mapping[str, Any], imported: ImportEvent | None) -> RecordedRow:
    """Return what an import recorded about a row; no columns if the event is too old to have them.

    The columns that differ between rows are taken from the row itself, because the digest of the
    import proves them.
    """
    row = RecordedRow()
    if imported is not None and imported.shared is not None:
        names = (*ImportedRow._fields, *(OUTCOME_COLUMNS if imported.has_outcomes else ()))
        varying = {name: stored.get(name) for name in names}
        row.columns, row.is_complete, row.seq = {**imported.shared, **varying}, True, imported.seq
        row.digest = fast_row_digest(row.columns)
    return row


def _outcome_faults(
    number: int,
    values: Mapping[str, Any],
    outcome: Mapping[str, Any],
    known: Collection[str | None],
) -> Iterator[Fault]:
    """Yield a fault for each column of a row that disagrees with its events.

    Columns that are `known` to be wrong are left out.
    """
    parsed = dict(values)
    for name in _JSON_COLUMNS:
        if values[name] is not None:
            parsed[name] = parse_json_or_text(values[name])
    stored_of = parsed.get  # an event can name a column that does not exist
    for name in [name for name, expected in outcome.items() if stored_of(name) != expected]:
        stored, expected = stored_of(name), outcome[name]
        if name not in known and not _agrees(stored, expected):
            detail = f"{name} is stored as {stored!r}, but is {expected!r} according to its events."
            yield Fault("outcome_differs", "deployments", f"DEP-{number}", name, detail)


def _agrees(stored: Any, expected: Any) -> bool:
    """Return whether a stored value agrees with an expected one, which may omit members of objects.

    A time in a stored object has no decimal places if it is a whole second.
    """
    if isinstance(expected, dict):
        return isinstance(stored, dict) and all(
            (found := stored.get(name)) == value
            or _agrees(found, value)
            or (name == "at" and canonical_time(str(found)) == value)
            for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(stored, list)
            and len(stored) == len(expected)
            and all(map(_agrees, stored, expected))
        )
    return bool(stored == expected)


def parse_json_or_text(text: str | None) -> Any:
    """Return the value of a stored JSON text, or the text itself if it is not valid JSON."""
    try:
        return None if text is None else _decode(text)
    except (msgspec.DecodeError, TypeError):
        return text
