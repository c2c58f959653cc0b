"""The repository of ingest sources and their deliveries, and the reads of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.catalog.service import Version
from gatepost_domain.event import Event
from gatepost_domain.ingest.delivery import IngestDelivery, IngestState
from gatepost_domain.ingest.resolution import ServiceRepositoryUrl
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind
from gatepost_domain.ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries to return. A field matches any of its values; an empty one matches all."""

    sources: tuple[IngestSourceKind, ...] = ()
    states: tuple[IngestState, ...] = ()


class IngestRepository(Protocol):
    """Ingest sources, their deliveries, and the data needed to map payloads."""

    def find_source(self, kind: IngestSourceKind) -> IngestSource | None:
        """Return a source, or None if it is not set up."""
        ...

    def list_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, sorted by kind."""
        ...

    def save_source(self, source: IngestSource, event: Event) -> None:
        """Store a new source, or the next revision of an existing one."""
        ...

    def remove_source(self, source: IngestSource, event: Event) -> None:
        """Remove a source. Its deliveries are then refused."""
        ...

    def get_delivery(self, delivery: UUID) -> IngestDelivery:
        """Return a delivery with its payload; raises `NotFound` if there is none with this id."""
        ...

    def find_delivery(self, source: IngestSourceKind, delivery_id: str) -> IngestDelivery | None:
        """Return a source's delivery with this delivery id, or None."""
        ...

    def find_same_payload(
        self, source: IngestSourceKind, payload_digest: str
    ) -> IngestDelivery | None:
        """Return a source's first delivery with this payload, or None."""
        ...

    def add_delivery(self, delivery: IngestDelivery, event: Event | None) -> None:
        """Store a new delivery; without `event`, the event just appended records the delivery."""
        ...

    def save_delivery(self, delivery: IngestDelivery, event: Event | None) -> None:
        """Store a replayed delivery; without `event`, the event just appended records it."""
        ...

    def has_expired_payloads(self, at: datetime) -> bool:
        """Return whether there are payloads that have expired."""
        ...

    def remove_expired_payloads(self, at: datetime) -> None:
        """Remove some of the expired payloads; no event records this."""
        ...

    def list_service_repositories(self) -> tuple[ServiceRepositoryUrl, ...]:
        """Return the active services with their repository URLs, sorted by service name."""
        ...

    def find_versions_of_build(
        self, service: str, *, commit_sha: str | None, artifact_digest: str | None
    ) -> tuple[Version, ...]:
        """Return up to two versions of a service with this commit or this artifact digest.

        The commit may be the beginning of a full commit hash.
        """
        ...


class IngestReads(Protocol):
    """Reads of deliveries, as of the latest durable write."""

    async def ingest_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, sorted by kind."""
        ...

    async def ingest_delivery(self, delivery: UUID) -> IngestDelivery:
        """Return a delivery with its payload; raises `NotFound` if there is none with this id."""
        ...

    async def ingest_deliveries(
        self, criteria: DeliveryFilter, page_request: PageRequest
    ) -> Page[IngestDelivery]:
        """Return deliveries without payloads, newest first; the page key is the id."""
        ...
