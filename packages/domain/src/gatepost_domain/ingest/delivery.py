"""Ingest deliveries: what a source sent, and the result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import Refusal
from gatepost_domain.ingest.source import IngestSourceKind


class IngestState(StrEnum):
    """The result of processing a delivery."""

    APPLIED = "applied"
    """A deployment was recorded, requested or ended."""
    IGNORED = "ignored"
    """The delivery contains nothing to be recorded; the reason explains why."""
    FAILED = "failed"
    """The delivery could not be mapped, but can be replayed; the reason explains what went wrong,
    and how to fix the problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestDelivery:
    """One authenticated delivery from a source."""

    id: UUID
    source: IngestSourceKind
    delivery_id: str
    """The source's id for the delivery, or a digest of the body."""
    event: str
    """The type of the event, as named by the source."""
    content_type: str
    received_at: datetime
    state: IngestState
    reason: str | None
    """Why it was ignored or failed, in a sentence; None if it was applied."""
    payload_digest: str
    """The SHA-256 of the body, in hexadecimal."""
    payload_size: int
    """The size of the body, in bytes."""
    payload: bytes | None = field(repr=False)
    """The body as it was received; None once it has been removed, and in lists."""
    keep_until: datetime
    """When the payload becomes due for removal."""
    deployment_id: UUID | None = None
    """The deployment that the delivery recorded, requested or ended, or that already existed."""
    deployment_number: int | None = None
    attempts: int = 1
    """How many times the delivery was processed: once on receipt, plus once for each replay."""
    replayed_at: datetime | None = None
    replayed_by: str | None = None


def link_deployment(
    delivery: IngestDelivery, deployment: Deployment, state: IngestState, reason: str | None
) -> IngestDelivery:
    """Return the delivery with its result and a link to the deployment that it concerns."""
    return replace(
        delivery,
        state=state,
        reason=reason,
        deployment_id=deployment.id,
        deployment_number=deployment.number,
    )


class PayloadRemoved(Refusal):
    """The payload of the delivery is no longer kept, so it cannot be replayed."""

    code = "payload_removed"

    def __init__(self, delivery: IngestDelivery) -> None:
        super().__init__(
            f"The payload of delivery {delivery.id} is no longer kept. Have the source send it "
            "again under another delivery id, or record the deployment by hand."
        )
