"""External ids, each of which identifies one record within its service and environment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.event import to_rfc3339
from gatepost_domain.status_transitions import Status

MAX_LISTED_CONFLICTS: Final = 1000
"""The maximum number of rows with a taken external id that an import result lists; all are
counted."""


DEPLOYMENT: Final = "deployment"
ROLLBACK: Final = "rollback"


class OnConflict(StrEnum):
    """What an import does with a row whose external id is taken by a different record."""

    REFUSE = "refuse"
    """The row is reported as an error, and nothing is imported."""
    SKIP = "skip"
    """The row is left out and listed, and the other rows are imported."""


class ExternalKey(NamedTuple):
    """The key that identifies a record with an external id."""

    service: str
    environment: str
    external_id: str


class HistoryKey(NamedTuple):
    """The lane and instant by which records without an external id are compared."""

    service: str
    environment: str
    at: datetime
    """When it was deployed or, if it failed, when it failed."""


class RecordedFacts(NamedTuple):
    """The values of a record that must be the same whenever its external id is sent again."""

    version: str
    deployed_at: datetime
    """When it went live or, if it failed, when it failed."""
    deployed_by: str | None
    notes: str | None
    status: Status = Status.SUCCEEDED
    rolled_back_at: datetime | None = None
    kind: str = DEPLOYMENT
    """`rollback` if the source reported it as the rollback of another deployment, else
    `deployment`."""


class KnownRecord(NamedTuple):
    """A record, or an earlier row in the import, with the values that a row is compared with."""

    number: int
    facts: RecordedFacts


class ConflictingRow(NamedTuple):
    """A row that an import left out because its external id is taken by another record."""

    row: int
    """The number of the row in the file."""
    key: ExternalKey
    number: int
    """The number of the record."""
    differs: tuple[str, ...]
    """The names of the values that differ."""


def facts_of(record: Deployment) -> RecordedFacts:
    """Return the values of a record that are compared."""
    return RecordedFacts(
        record.version,
        record.deployed_at or record.finished_at or record.created_at,
        record.deployed_by,
        record.notes,
        record.status,
        record.rolled_back_at,
        ROLLBACK if record.recorded_rollback else DEPLOYMENT,
    )


def differing_facts(recorded: RecordedFacts, sent: RecordedFacts) -> tuple[str, ...]:
    """Return the names of the values that differ."""
    return tuple(
        name
        for name, one, other in zip(RecordedFacts._fields, recorded, sent, strict=True)
        if one != other
    )


def describe_conflict(key: ExternalKey, where: str, known: KnownRecord, sent: RecordedFacts) -> str:
    """Return a message about the record that has the external id, and the values that differ."""
    recorded = known.facts
    differences = [
        "notes"
        if name == "notes"
        else f"{name} is {_format_fact(getattr(recorded, name))}, "
        f"not {_format_fact(getattr(sent, name))}"
        for name in differing_facts(recorded, sent)
    ]
    return (
        f"The external id {key.external_id} of {key.service} in {key.environment} is taken by "
        f"{where}, which differs ({'; '.join(differences)}); send the recorded values, or another "
        "external id."
    )


def describe_record(number: int) -> str:
    """Return the name of a stored record for use in a sentence."""
    return f"the record {format_number(number)}"


def _format_fact(value: datetime | str | None) -> str:
    if value is None:
        return "unknown"
    return to_rfc3339(value) if isinstance(value, datetime) else value
