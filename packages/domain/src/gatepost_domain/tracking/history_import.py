"""What an import tells: its rows as they are kept, and the digest that its one event vouches by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from gatepost_domain.access.actor import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import canonical_json, to_rfc3339
from gatepost_domain.status import Status


class ImportedRow(NamedTuple):
    """One imported row as it is kept; a tuple, because there are so many."""

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
    """What all rows of one import share."""

    seq: int
    """Of the one event that will tell of it."""
    at: datetime
    requester: str
    on_behalf_of: str | None
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of the rows of a file."""

    imported: int = 0
    repeated: int = 0
    """Rows whose `external_id` was there before, in the file or in what is recorded."""
    differing: int = 0
    """Those of the repeated that tell something else than what is kept; the first stays."""
    services_created: int = 0
    environments_created: int = 0
    versions_created: int = 0


class RecordedFacts(NamedTuple):
    """What a record tells of what happened, by which a repetition is compared."""

    service: str
    environment: str
    version: str
    deployed_at: datetime
    deployed_by: str | None
    notes: str | None


def to_deployment(row: ImportedRow, context: ImportContext) -> Deployment:
    """A row of an import as the deployment it is."""
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


class HistoryDigest:
    """SHA-256 of the canonical JSON list of imported rows, taken a part at a time."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256(b"[")
        self._between = b""

    def update(self, rows: Sequence[ImportedRow | Deployment]) -> None:
        """Take in the next rows, of which there is at least one; in the order of their numbers."""
        self._sha256.update(
            self._between + canonical_json([_digest_fields(row) for row in rows])[1:-1]
        )
        self._between = b","

    def hexdigest(self) -> str:
        """The digest of all rows, in lower-case hexadecimal."""
        closed = self._sha256.copy()
        closed.update(b"]")
        return closed.hexdigest()


def _digest_fields(row: ImportedRow | Deployment) -> tuple[object, ...]:
    """What the digest vouches for; who imported it and when, the event tells itself.

    Raises:
        ValueError: it was never deployed.
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
