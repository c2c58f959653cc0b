"""The import result: stored rows, and the digest recorded in the import event."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gatepost_domain.access.provenance import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import to_rfc3339
from gatepost_domain.status import Status
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
    deployed_at: datetime
    deployed_by: str | None
    notes: str | None
    external_id: str | None
    unreviewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """The facts that all rows of one import share."""

    seq: int
    """The `seq` of the import's event."""
    at: datetime
    requester: str
    on_behalf_of: str | None
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """The counts of an import."""

    imported: int = 0
    repeated: int = 0
    """Rows whose record exists already, or which occur earlier in the file with the same facts."""
    differing: int = 0
    """Repeated rows that were left out although they differ from the record, which is unchanged."""
    conflicts: tuple[ConflictingRow, ...] = ()
    """The first of the rows that were left out."""
    skipped: int = 0
    """Rows of an export about deployments that are not in effect."""
    services_created: int = 0
    environments_created: int = 0
    versions_created: int = 0


def to_deployment(row: ImportedRow, context: ImportContext) -> Deployment:
    """Return the deployment of an imported row."""
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
        status=Status.SUCCEEDED,
        deployed_at=row.deployed_at,
        deployed_by=row.deployed_by,
        external_id=row.external_id,
        unreviewed=row.unreviewed,
        import_seq=context.seq,
    )


class ImportedRowsDigest:
    """SHA-256 of the canonical JSON list of imported rows, computed in batches."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256(b"[")
        self._separator = b""

    def update(self, rows: Sequence[ImportedRow | Deployment]) -> None:
        """Add the next rows in the order of their numbers. There must be at least one."""
        self._sha256.update(
            self._separator + canonical_json([_digest_fields(row) for row in rows])[1:-1]
        )
        self._separator = b","

    def hexdigest(self) -> str:
        """Return the digest of all rows, in lowercase hexadecimal."""
        sha256 = self._sha256.copy()
        sha256.update(b"]")
        return sha256.hexdigest()


def _digest_fields(row: ImportedRow | Deployment) -> tuple[object, ...]:
    """Return the fields covered by the digest. The event records who imported them and when.

    Raises:
        ValueError: the deployment never went live.
    """
    if row.deployed_at is None:
        raise ValueError(row.number)
    return (
        row.number,
        str(row.id),
        row.service,
        row.environment,
        row.tier,
        row.version,
        row.artifact_digest,
        row.policy_version,
        to_rfc3339(row.deployed_at),
        row.deployed_by,
        row.notes,
        row.external_id,
        row.unreviewed,
    )
