"""The repositories of records, retirements and imports, and the reads of the current state."""

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
    StateQuery,
    TargetRetirement,
)
from gatepost_domain.tracking.external_ids import ExternalKey, HistoryKey, KnownRecord
from gatepost_domain.tracking.history_filters import HistoryFilter, WeekOverview
from gatepost_domain.tracking.import_result import NO_OUTCOMES, ImportContext, ImportedRow, Outcomes

if TYPE_CHECKING:
    from gatepost_domain.ports.paging import Page, PageRequest

VersionKey: TypeAlias = tuple[str, str]
"""A version, identified by its service and name."""

WEEK: Final = timedelta(days=7)
RECENT_LIMIT: Final = 10
"""The number of recent deployments that the overview includes."""


class DeploymentRecordRepository(Protocol):
    """Records of deployments made elsewhere, which are stored like all other deployments."""

    def find_by_external_id(self, key: ExternalKey) -> Deployment | None:
        """Return the record with an external id, or None if there is none."""
        ...


class RetirementRepository(Protocol):
    """The retirements of targets."""

    def was_deployed(self, service: str, environment: str) -> bool:
        """Return whether anything was ever deployed to the target."""
        ...

    def list_retirement_times(self, service: str, environment: str) -> tuple[datetime, ...]:
        """Return all instants at which the target was retired."""
        ...

    def add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        """Store a target's retirement, together with the event that records it."""
        ...


class ImportRepository(Protocol):
    """Stores imported history in batches, and records the import in one event."""

    def next_event_seq(self) -> int:
        """Return the `seq` of the next event."""
        ...

    def find_recorded(self, keys: Collection[ExternalKey]) -> Mapping[ExternalKey, KnownRecord]:
        """Return the records with these external ids, including rows in this import."""
        ...

    def find_artifact_digests(
        self, versions: Collection[VersionKey]
    ) -> Mapping[VersionKey, str | None]:
        """Return the artifact digests of these versions, leaving out unregistered versions."""
        ...

    def add_service(self, service: Service) -> None:
        """Store a new service, which the import event records."""
        ...

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """Store a new environment, which the import event records."""
        ...

    def add_versions(self, versions: Sequence[Version]) -> None:
        """Store new versions, whose count the import event records."""
        ...

    def find_by_lane_and_time(
        self, keys: Collection[HistoryKey]
    ) -> Mapping[HistoryKey, Sequence[KnownRecord]]:
        """Return the records in these lanes at these instants, including rows in this import.

        Keys without records are left out.
        """
        ...

    def add_rows(
        self, rows: Sequence[ImportedRow], context: ImportContext, outcomes: Outcomes = NO_OUTCOMES
    ) -> None:
        """Store the next rows; there must be at least one."""
        ...

    def finish(self, lanes: Iterable[LaneKey], event: Event) -> None:
        """Update the lanes' current state, and append the import event."""
        ...


class TrackingReads(Protocol):
    """Reads of the live deployments and the deployment history, as of the latest durable write."""

    async def current_state(
        self, criteria: CurrentFilter, *, at: datetime | None = None
    ) -> CurrentSnapshot:
        """Return the live deployments, now or at an instant, based on when they were deployed."""
        ...

    async def current_states(self, queries: Sequence[StateQuery]) -> tuple[CurrentSnapshot, ...]:
        """Return several states as of the same durable write."""
        ...

    async def deployment_history(
        self, criteria: HistoryFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return deployments, newest first, ordered by `happened_at`."""
        ...

    async def latest_rollout(self, service: str, environment: str | None) -> Deployment | None:
        """Return a service's deployment with the latest `rollout_at`, or None.

        Without an environment, all environments are considered. If several deployments have the
        same `rollout_at`, the one with the highest number is returned.
        """
        ...

    async def week_overview(self, *, at: datetime) -> WeekOverview:
        """Return the counts and the latest deployments for the overview, as of an instant."""
        ...
