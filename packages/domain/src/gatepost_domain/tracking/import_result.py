"""The result of an import: stored rows, counts, and the digest recorded in the import event."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import to_rfc3339
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.external_ids import ConflictingRow
from gatepost_domain.verification.event_hash import canonical_json


class ImportedRow(NamedTuple):
    """One imported row as stored; a tuple, because there can be very many."""

    number: int
    id: UUID
    service: str
    environment: str
    tier: Tier
    version: str
    artifact_digest: str | None
    policy_version: int
    deployed_at: datetime | None
    """When the version went live; None if the deployment failed."""
    deployed_by: str | None
    notes: str | None
    external_id: str | None
    unreviewed: bool


class ImportedOutcome(NamedTuple):
    """How an imported deployment ended, if it did not simply succeed; as stored."""

    status: Status
    finished_at: datetime | None
    """When it failed; None if it did not."""
    rolled_back_at: datetime | None
    recorded_rollback: bool | None
    """True if it rolled back another deployment; None otherwise."""


Outcomes = Mapping[int, ImportedOutcome]
"""Maps deployment numbers to outcomes. An imported deployment without an outcome succeeded."""
NO_OUTCOMES: Final[Outcomes] = {}
SUCCESS: Final = ImportedOutcome(Status.SUCCEEDED, None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """The values that all rows in an import share."""

    seq: int
    """The `seq` of the import's event."""
    at: datetime
    requester: str
    on_behalf_of: str | None
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """How many rows an import stored, skipped or recognized as repeated, and what it created."""

    imported: int = 0
    repeated: int = 0
    """Rows whose record already exists, or that have the same values as an earlier row."""
    repeated_in_file: int = 0
    """Repeated rows without `external_id` that equal an earlier row in the file."""
    repeated_records: int = 0
    """Repeated rows without `external_id` that equal a record stored before the import."""
    differing: int = 0
    """Repeated rows that differ from the stored record, which remains unchanged."""
    conflicts: tuple[ConflictingRow, ...] = ()
    """The first few of the rows that were left out because of a conflict."""
    skipped: int = 0
    """Rows of an export that are skipped because their `in_effect` column is false or empty."""
    services_created: int = 0
    environments_created: int = 0
    versions_created: int = 0


def to_deployment(
    row: ImportedRow, context: ImportContext, outcome: ImportedOutcome = SUCCESS
) -> Deployment:
    """Return the deployment that an imported row describes."""
    return Deployment(
        id=row.id,
        number=row.number,
        kind=DeploymentKind.RECORD,
        service=row.service,
        environment=row.environment,
        tier=row.tier,
        version=row.version,
        artifact_digest=row.artifact_digest,
        requester=context.requester,
        on_behalf_of=context.on_behalf_of,
        identities=context.identities,
        work_references=(),
        risk=None,
        rollback_plan="",
        notes=row.notes,
        policy_version=row.policy_version,
        auto_start=False,
        created_at=context.at,
        revision=1,
        status=outcome.status,
        finished_at=outcome.finished_at,
        rolled_back_at=outcome.rolled_back_at,
        recorded_rollback=outcome.recorded_rollback,
        deployed_at=row.deployed_at,
        deployed_by=row.deployed_by,
        external_id=row.external_id,
        unreviewed=row.unreviewed,
        import_seq=context.seq,
    )


class ImportedRowsDigest:
    """SHA-256 of the canonical JSON list of imported rows, computed in batches.

    A row with an outcome contributes further values; other rows contribute the same values as in
    older releases.
    """

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256(b"[")
        self._separator = b""

    def update(
        self, rows: Sequence[ImportedRow | Deployment], outcomes: Outcomes = NO_OUTCOMES
    ) -> None:
        """Add the next rows, in the order of their numbers; there must be at least one."""
        fields = [_digest_fields(row) for row in rows]
        if outcomes:
            further = (outcomes.get(row.number) for row in rows)
            fields = [
                row if outcome is None else (*row, *_to_fields(outcome))
                for row, outcome in zip(fields, further, strict=True)
            ]
        self._sha256.update(self._separator + canonical_json(fields)[1:-1])
        self._separator = b","

    def hexdigest(self) -> str:
        """Return the digest of all rows, in lowercase hexadecimal."""
        sha256 = self._sha256.copy()
        sha256.update(b"]")
        return sha256.hexdigest()


def _digest_fields(row: ImportedRow | Deployment) -> tuple[object, ...]:
    """Return the fields covered by the digest; the event records who imported the row and when."""
    return (
        row.number,
        str(row.id),
        row.service,
        row.environment,
        row.tier,
        row.version,
        row.artifact_digest,
        row.policy_version,
        None if row.deployed_at is None else to_rfc3339(row.deployed_at),
        row.deployed_by,
        row.notes,
        row.external_id,
        row.unreviewed,
    )


def _to_fields(outcome: ImportedOutcome) -> tuple[object, ...]:
    finished_at, rolled_back_at = (
        None if at is None else to_rfc3339(at)
        for at in (outcome.finished_at, outcome.rolled_back_at)
    )
    return (outcome.status, finished_at, rolled_back_at, outcome.recorded_rollback)
