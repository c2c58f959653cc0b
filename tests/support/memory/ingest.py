"""Ingest sources and deliveries in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.catalog.service import Version
from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.ingest.delivery import IngestDelivery
from gatepost_domain.ingest.resolution import ServiceRepositoryUrl
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind
from gatepost_domain.ports.ingest import DeliveryFilter
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryIngest:
    """Ingest sources and deliveries in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def find_source(self, kind: IngestSourceKind) -> IngestSource | None:
        """Return a source, or None if it is not set up."""
        return self._state.ingest_sources.get(kind)

    def list_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, sorted by kind."""
        return tuple(source for _, source in sorted(self._state.ingest_sources.items()))

    def save_source(self, source: IngestSource, event: Event) -> None:
        """Store a new source, or the next revision of an existing one."""
        self._state.ingest_sources[source.kind] = source
        self._state.append(event)

    def remove_source(self, source: IngestSource, event: Event) -> None:
        """Remove a source."""
        del self._state.ingest_sources[source.kind]
        self._state.append(event)

    def get_delivery(self, delivery: UUID) -> IngestDelivery:
        """Return a delivery with its payload.

        Raises:
            NotFound: there is none with this id.
        """
        if delivery not in self._state.ingest_deliveries:
            raise NotFound("ingest_delivery", str(delivery))
        return self._state.ingest_deliveries[delivery]

    def find_delivery(self, source: IngestSourceKind, delivery_id: str) -> IngestDelivery | None:
        """Return a source's delivery with this delivery id, or None."""
        return next(
            (each for each in self._of(source) if each.delivery_id == delivery_id),
            None,
        )

    def find_same_payload(
        self, source: IngestSourceKind, payload_digest: str
    ) -> IngestDelivery | None:
        """Return a source's first delivery with this payload, or None."""
        return next(
            (each for each in self._of(source) if each.payload_digest == payload_digest), None
        )

    def add_delivery(self, delivery: IngestDelivery, event: Event | None) -> None:
        """Store a new delivery."""
        self.save_delivery(delivery, event)

    def save_delivery(self, delivery: IngestDelivery, event: Event | None) -> None:
        """Store a delivery that was replayed."""
        self._state.ingest_deliveries[delivery.id] = delivery
        if event is not None:
            self._state.append(event)

    def has_expired_payloads(self, at: datetime) -> bool:
        """Return whether there are payloads that have expired."""
        return any(
            each.payload is not None and each.keep_until <= at
            for each in self._state.ingest_deliveries.values()
        )

    def remove_expired_payloads(self, at: datetime) -> None:
        """Remove all expired payloads."""
        for delivery in list(self._state.ingest_deliveries.values()):
            if delivery.keep_until <= at:
                self._state.ingest_deliveries[delivery.id] = replace(delivery, payload=None)

    def list_service_repositories(self) -> tuple[ServiceRepositoryUrl, ...]:
        """Return the active services with their repository URLs, sorted by service name."""
        return tuple(
            ServiceRepositoryUrl(name, service.repo_url)
            for name, service in sorted(self._state.services.items())
            if service.archived_at is None
        )

    def find_versions_of_build(
        self, service: str, *, commit_sha: str | None, artifact_digest: str | None
    ) -> tuple[Version, ...]:
        """Return up to two versions of a service with this commit or this artifact digest.

        The commit may be the beginning of a full commit hash.
        """
        found = [
            version
            for version in self._state.versions.values()
            if version.service == service
            and (
                (commit_sha is not None and (version.commit_sha or "").startswith(commit_sha))
                or (artifact_digest is not None and version.artifact_digest == artifact_digest)
            )
        ]
        return tuple(found[::-1][:2])

    def _of(self, source: IngestSourceKind) -> list[IngestDelivery]:
        return [each for each in self._state.ingest_deliveries.values() if each.source is source]


class MemoryIngestReads:
    """Reads of ingest sources and deliveries in memory."""

    _state: MemoryState

    async def ingest_sources(self) -> tuple[IngestSource, ...]:
        """Return the sources that are set up, sorted by kind."""
        return MemoryIngest(self._state).list_sources()

    async def ingest_delivery(self, delivery: UUID) -> IngestDelivery:
        """Return one delivery with its payload.

        Raises:
            NotFound: there is none with this id.
        """
        return MemoryIngest(self._state).get_delivery(delivery)

    async def ingest_deliveries(
        self, criteria: DeliveryFilter, page_request: PageRequest
    ) -> Page[IngestDelivery]:
        """Return deliveries without payloads, newest first; the page key is the id."""
        deliveries = [
            replace(each, payload=None)
            for each in self._state.ingest_deliveries.values()
            if (not criteria.sources or each.source in criteria.sources)
            and (not criteria.states or each.state in criteria.states)
        ][::-1]
        ids = [str(each.id) for each in deliveries]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            deliveries[begin:], PageRequest(limit=page_request.limit), key=lambda each: str(each.id)
        )
