"""What tracking needs of the outside: records, imports, lanes, and reads of what stands and stood.

It belongs to `ports`, and has a file of its own for its size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event
from gatepost_domain.tracking.current_state import (
    CurrentFilter,
    CurrentSnapshot,
    LaneKey,
    TargetRetirement,
)
from gatepost_domain.tracking.filters import HistoryFilter, Stats
from gatepost_domain.tracking.history_import import ImportContext, ImportedRow, RecordedFacts

if TYPE_CHECKING:
    from gatepost_domain.ports.paging import Page, PageRequest

VersionKey: TypeAlias = tuple[str, str]
"""A version by its service and its own name."""

WEEK: Final = timedelta(days=7)
RECENT_LIMIT: Final = 10
"""How many of the last deployments the statistics show."""


class RecordRepository(Protocol):
    """What happened elsewhere and was told; each is a deployment, kept as all are."""

    def find_by_external_id(self, external_id: str) -> Deployment | None:
        """The record known by this id; none if there is none."""
        ...


class RetirementRepository(Protocol):
    """The lanes in which anything ever stood."""

    def was_deployed(self, service: str, environment: str) -> bool:
        """Whether anything ever stood there."""
        ...

    def retirement_times(self, service: str, environment: str) -> tuple[datetime, ...]:
        """When the lane was retired, however often."""
        ...

    def add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        """Keep that a lane was retired."""
        ...


class ImportRepository(Protocol):
    """Much history at once: parts of an import in turn, then its one event."""

    def next_event_seq(self) -> int:
        """The place that the next event will have."""
        ...

    def find_recorded(self, external_ids: Collection[str]) -> Mapping[str, RecordedFacts]:
        """What is recorded under these ids, those of this import included."""
        ...

    def artifact_digests(self, versions: Collection[VersionKey]) -> Mapping[VersionKey, str | None]:
        """Those of these versions that are known, with the digests of their artifacts."""
        ...

    def add_service(self, service: Service) -> None:
        """Make a service known; the import's event tells of it."""
        ...

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """Make an environment known; the import's event tells of it."""
        ...

    def add_versions(self, versions: Sequence[Version]) -> None:
        """Make versions known; the import's event tells how many."""
        ...

    def add_rows(self, rows: Sequence[ImportedRow], context: ImportContext) -> None:
        """Keep the next rows, of which there is at least one."""
        ...

    def finish(self, lanes: Iterable[LaneKey], event: Event) -> None:
        """See what stands now in the lanes concerned, and append the one event."""
        ...


class TrackingReads(Protocol):
    """What stands and what stood, as of the last durable write."""

    async def current_state(
        self, criteria: CurrentFilter, *, at: datetime | None = None
    ) -> CurrentSnapshot:
        """What stands now or, by when things happened, what stood at an instant."""
        ...

    async def deployment_history(
        self, criteria: HistoryFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """The latest first: by when it was deployed or, while it was not, when it was asked for."""
        ...

    async def stats(self, *, at: datetime) -> Stats:
        """The figures of an instant."""
        ...
