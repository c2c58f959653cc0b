"""The part of the ledger in memory that keeps records, imports and lanes, and reads what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event, LedgerEntry
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.tracking import RECENT_LIMIT, WEEK, VersionKey
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import (
    Cell,
    CurrentFilter,
    CurrentSnapshot,
    InProgress,
    LaneKey,
    TargetRetirement,
    live_cells,
)
from gatepost_domain.tracking.filters import HistoryFilter, Stats, happened_at
from gatepost_domain.tracking.history_import import (
    ImportContext,
    ImportedRow,
    RecordedFacts,
    to_deployment,
)


class StoredState(Protocol):
    """What of a ledger's state is read and written here."""

    services: dict[str, Service]
    versions: dict[VersionKey, Version]
    environments: dict[str, Environment]
    policies: dict[tuple[str, int], PolicyVersion]
    deployments: dict[int, Deployment]
    retirements: list[TargetRetirement]
    entries: list[LedgerEntry]

    def append(self, event: Event) -> None:
        """Give an event the next place of the chain."""
        ...


class MemoryRecords:
    """See `tracking.RecordRepository`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def find_by_external_id(self, external_id: str) -> Deployment | None:
        """See `tracking.RecordRepository`."""
        kept = self._state.deployments.values()
        return next((each for each in kept if each.external_id == external_id), None)


class MemoryTargets:
    """See `tracking.RetirementRepository`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def was_deployed(self, service: str, environment: str) -> bool:
        """See `tracking.RetirementRepository`."""
        return any(
            (each.service, each.environment) == (service, environment)
            and each.deployed_at is not None
            for each in self._state.deployments.values()
        )

    def retirement_times(self, service: str, environment: str) -> tuple[datetime, ...]:
        """See `tracking.RetirementRepository`."""
        return tuple(
            each.retired_at
            for each in self._state.retirements
            if (each.service, each.environment) == (service, environment)
        )

    def add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        """See `tracking.RetirementRepository`."""
        self._state.retirements.append(retirement)
        self._state.append(event)


class MemoryImports:
    """See `tracking.ImportRepository`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def next_event_seq(self) -> int:
        """See `tracking.ImportRepository`."""
        return len(self._state.entries) + 1

    def find_recorded(self, external_ids: Collection[str]) -> Mapping[str, RecordedFacts]:
        """See `tracking.ImportRepository`."""
        return {
            each.external_id: RecordedFacts(
                each.service,
                each.environment,
                each.version,
                each.deployed_at or each.created_at,
                each.deployed_by,
                each.notes,
            )
            for each in self._state.deployments.values()
            if each.external_id is not None and each.external_id in external_ids
        }

    def artifact_digests(self, versions: Collection[VersionKey]) -> Mapping[VersionKey, str | None]:
        """See `tracking.ImportRepository`."""
        known = self._state.versions
        return {key: known[key].artifact_digest for key in versions if key in known}

    def add_service(self, service: Service) -> None:
        """See `tracking.ImportRepository`."""
        self._state.services[service.name] = service

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """See `tracking.ImportRepository`."""
        self._state.environments[environment.name] = environment
        self._state.policies[environment.name, environment.policy_version] = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )

    def add_versions(self, versions: Sequence[Version]) -> None:
        """See `tracking.ImportRepository`."""
        self._state.versions.update(((each.service, each.version), each) for each in versions)

    def add_rows(self, rows: Sequence[ImportedRow], context: ImportContext) -> None:
        """See `tracking.ImportRepository`."""
        self._state.deployments.update((row.number, to_deployment(row, context)) for row in rows)

    def finish(self, lanes: Iterable[LaneKey], event: Event) -> None:
        """See `tracking.ImportRepository`."""
        del lanes  # what stands is found anew at each reading
        self._state.append(event)


State = TypeVar("State", bound=StoredState)


class MemoryTrackingReads(Generic[State]):
    """See `tracking.TrackingReads`."""

    _state: State

    async def current_state(
        self, criteria: CurrentFilter, *, at: datetime | None = None
    ) -> CurrentSnapshot:
        """See `tracking.TrackingReads`."""
        kept = self._state.deployments.values()
        retired: defaultdict[LaneKey, list[datetime]] = defaultdict(list)
        for each in self._state.retirements:
            retired[each.service, each.environment].append(each.retired_at)
        cells = [
            cell if at is not None else replace(cell, in_progress=_in_progress(kept, cell.lane_key))
            for _, cell in sorted(live_cells(kept, retired, at=at).items())
            if _matches(cell, criteria)
        ]
        return CurrentSnapshot(seq=len(self._state.entries), cells=tuple(cells))

    async def deployment_history(
        self, criteria: HistoryFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """See `tracking.TrackingReads`."""
        found = sorted(self._matching(criteria), key=_history_position, reverse=True)
        if page_request.after is not None:
            instant, _, number = page_request.after.partition("/")
            after = datetime.fromisoformat(instant), int(number)
            found = [each for each in found if _history_position(each) < after]
        items = tuple(found[: page_request.limit])
        more = len(found) > page_request.limit
        return Page(items=items, next_key=history_cursor(items[-1]) if more else None)

    async def stats(self, *, at: datetime) -> Stats:
        """See `tracking.TrackingReads`."""
        stood = [
            (each.deployed_at, each.number, each)
            for each in self._state.deployments.values()
            if each.deployed_at is not None and each.hidden is None
        ]
        stood.sort(key=lambda found: found[:2], reverse=True)
        return Stats(
            services=len(self._state.services),
            deployments_this_week=sum(at - WEEK < since <= at for since, _, _ in stood),
            recent=tuple(each for _, _, each in stood[:RECENT_LIMIT]),
        )

    def _matching(self, wanted: HistoryFilter) -> Iterator[Deployment]:
        for each in self._state.deployments.values():
            when = happened_at(each)
            if (
                (not wanted.services or each.service in wanted.services)
                and (not wanted.environments or each.environment in wanted.environments)
                and (wanted.since is None or when >= wanted.since)
                and (wanted.until is None or when < wanted.until)
            ):
                yield each


def history_cursor(deployment: Deployment) -> str:
    """Where a page of a history ends."""
    return f"{happened_at(deployment).isoformat()}/{deployment.number}"


def _history_position(deployment: Deployment) -> tuple[datetime, int]:
    return happened_at(deployment), deployment.number


def _matches(cell: Cell, wanted: CurrentFilter) -> bool:
    return all(
        not values or value in values
        for values, value in (
            (wanted.services, cell.service),
            (wanted.environments, cell.environment),
            (wanted.tiers, cell.tier),
        )
    )


def _in_progress(kept: Iterable[Deployment], lane: LaneKey) -> InProgress | None:
    """The started one, else the queued one that has waited longest."""
    under_way = [
        (each.status is Status.QUEUED, each.number, each)
        for each in kept
        if (each.service, each.environment) == lane
        and each.status in {Status.STARTED, Status.QUEUED}
    ]
    first = min(under_way, default=None)
    if first is None:
        return None
    each = first[-1]
    return InProgress(
        deployment_id=each.id, number=each.number, version=each.version, status=each.status
    )
