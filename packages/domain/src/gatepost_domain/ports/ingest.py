"""The repository and the reads of ingest sources and their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.catalog.service import Version
from gatepost_domain.event import Event
from gatepost_domain.ingest.delivery import Delivery, IngestState
from gatepost_domain.ingest.resolution import ServiceRepositoryUrl
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind
from gatepost_domain.ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries to return. A field matches any of its values; an empty one matches all."""

    sources: tuple[IngestSourceKind, ...] = ()
    states: tuple[IngestState, ...] = ()


class IngestRepository(Protocol):
    """Sources, their deliveries, and what is needed to map them."""

    def find_source(self, kind: IngestSourceKind) -> IngestSource | None:
        """Return a source, or None if it is not set up."""
        ...

    def list_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, by kind."""
        ...

    def save_source(self, source: IngestSource, event: Event) -> None:
        """Store a new source, or the next revision of one."""
        ...

    def remove_source(self, source: IngestSource, event: Event) -> None:
        """Remove a source, so that its deliveries are refused."""
        ...

    def get_delivery(self, delivery: UUID) -> Delivery:
        """Return a delivery with its payload; raises `NotFound` if there is none with this id."""
        ...

    def find_delivery(self, source: IngestSourceKind, delivery_id: str) -> Delivery | None:
        """Return the delivery of a source with this delivery id, or None."""
        ...

    def find_same_payload(self, source: IngestSourceKind, payload_digest: str) -> Delivery | None:
        """Return the first delivery of a source with this payload, or None."""
        ...

    def add_delivery(self, delivery: Delivery, event: Event | None) -> None:
        """Store a new delivery. Without an event, the last appended event records it."""
        ...

    def save_delivery(self, delivery: Delivery, event: Event | None) -> None:
        """Store a delivery that was replayed. Without an event, the last event records it."""
        ...

    def has_expired_payloads(self, at: datetime) -> bool:
        """Return whether there are payloads that are no longer kept."""
        ...

    def remove_expired_payloads(self, at: datetime) -> None:
        """Remove some of the payloads that are no longer kept; no event records this."""
        ...

    def list_repositories(self) -> tuple[ServiceRepositoryUrl, ...]:
        """Return the services that are not archived, with their repositories, by name."""
        ...

    def find_versions_of_build(
        self, service: str, *, commit_sha: str | None, artifact_digest: str | None
    ) -> tuple[Version, ...]:
        """Return up to two versions of a service with this commit or this artifact digest.

        The commit may be the beginning of the full one.
        """
        ...


class IngestReads(Protocol):
    """Reads of deliveries, as of the last durable write."""

    async def ingest_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, by kind."""
        ...

    async def ingest_delivery(self, delivery: UUID) -> Delivery:
        """Return one delivery with its payload."""
        ...

    async def ingest_deliveries(
        self, criteria: DeliveryFilter, page_request: PageRequest
    ) -> Page[Delivery]:
        """Return deliveries without payloads, newest first; the key is the id."""
        ...
