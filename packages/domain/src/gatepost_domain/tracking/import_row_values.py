"""The values of a history file's row that an import compares and stores."""

from __future__ import annotations

from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.external_ids import (
    DEPLOYMENT,
    ROLLBACK,
    ExternalKey,
    HistoryKey,
    RecordedFacts,
)
from gatepost_domain.tracking.history_files.rows import HistoryRow, Outcome
from gatepost_domain.tracking.import_result import ImportedOutcome


def external_key(row: HistoryRow) -> ExternalKey | None:
    """Return the key of a row that has an external id, or None."""
    if row.external_id is None:
        return None
    return ExternalKey(row.service, row.environment, row.external_id)


def history_key(row: HistoryRow) -> HistoryKey:
    """Return the lane and the instant by which a row without an external id is compared."""
    return HistoryKey(row.service, row.environment, row.deployed_at)


def recorded_facts(row: HistoryRow) -> RecordedFacts:
    """Return the values by which a row is compared with records."""
    if row.outcome is None:
        return RecordedFacts(row.version, row.deployed_at, row.deployed_by, row.notes)
    status, rolled_back_at, is_rollback = row.outcome
    kind = ROLLBACK if is_rollback else DEPLOYMENT
    return RecordedFacts(
        row.version, row.deployed_at, row.deployed_by, row.notes, status, rolled_back_at, kind
    )


def is_failure(row: HistoryRow) -> bool:
    """Return whether a row's deployment failed, and so never went live."""
    return row.outcome is not None and row.outcome.status is Status.FAILED


def to_imported_outcome(row: HistoryRow, outcome: Outcome) -> ImportedOutcome:
    """Return an outcome in its stored form. A failed deployment never went live."""
    return ImportedOutcome(
        outcome.status,
        row.deployed_at if outcome.status is Status.FAILED else None,
        outcome.rolled_back_at,
        outcome.is_rollback or None,
    )
