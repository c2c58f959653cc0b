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
from gatepost_domain.event import Entry, Event
from gatepost_domain.ports.paging import Page, Window
from gatepost_domain.ports.tracking import RECENT, WEEK, VersionKey
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import (
    Cell,
    Current,
    CurrentFilter,
    InProgress,
    LanePlace,
    Retirement,
    standing,
)
from gatepost_domain.tracking.filters import HistoryFilter, Stats, happened_at
from gatepost_domain.tracking.history_import import Import, Imported, Told, imported_deployment


class StoredState(Protocol):
    """What of a ledger's state is read and written here."""

    services: dict[str, Service]
    versions: dict[VersionKey, Version]
    environments: dict[str, Environment]
    policies: dict[tuple[str, int], PolicyVersion]
    deployments: dict[int, Deployment]
    retirements: list[Retirement]
    entries: list[Entry]

    def append(self, event: Event) -> None:
        """Give an event the next place of the chain."""
        ...


class MemoryRecords:
    """See `tracking.Records`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def find(self, external_id: str) -> Deployment | None:
        """See `tracking.Records`."""
        kept = self._state.deployments.values()
        return next((each for each in kept if each.external_id == external_id), None)


class MemoryTargets:
    """See `tracking.Targets`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def known(self, service: str, environment: str) -> bool:
        """See `tracking.Targets`."""
        return any(
            (each.service, each.environment) == (service, environment)
            and each.deployed_at is not None
            for each in self._state.deployments.values()
        )

    def retired(self, service: str, environment: str) -> tuple[datetime, ...]:
        """See `tracking.Targets`."""
        return tuple(
            each.retired_at
            for each in self._state.retirements
            if (each.service, each.environment) == (service, environment)
        )

    def retire(self, retirement: Retirement, event: Event) -> None:
        """See `tracking.Targets`."""
        self._state.retirements.append(retirement)
        self._state.append(event)


class MemoryImports:
    """See `tracking.Imports`."""

    def __init__(self, state: StoredState) -> None:
        self._state = state

    def next_seq(self) -> int:
        """See `tracking.Imports`."""
        return len(self._state.entries) + 1

    def told(self, external_ids: Collection[str]) -> Mapping[str, Told]:
        """See `tracking.Imports`."""
        return {
            each.external_id: Told(
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

    def artifacts(self, versions: Collection[VersionKey]) -> Mapping[VersionKey, str | None]:
        """See `tracking.Imports`."""
        known = self._state.versions
        return {key: known[key].artifact_digest for key in versions if key in known}

    def add_service(self, service: Service) -> None:
        """See `tracking.Imports`."""
        self._state.services[service.name] = service

    def add_environment(self, environment: Environment, policy: Policy) -> None:
        """See `tracking.Imports`."""
        self._state.environments[environment.name] = environment
        self._state.policies[environment.name, environment.policy_version] = PolicyVersion(
            environment=environment.name,
            version=environment.policy_version,
            policy=policy,
            created_at=environment.created_at,
            created_by=environment.created_by,
        )

    def add_versions(self, versions: Sequence[Version]) -> None:
        """See `tracking.Imports`."""
        self._state.versions.update(((each.service, each.version), each) for each in versions)

    def add(self, rows: Sequence[Imported], shared: Import) -> None:
        """See `tracking.Imports`."""
        self._state.deployments.update(
            (row.number, imported_deployment(row, shared)) for row in rows
        )

    def finish(self, lanes: Iterable[LanePlace], event: Event) -> None:
        """See `tracking.Imports`."""
        del lanes  # what stands is found anew at each reading
        self._state.append(event)


State = TypeVar("State", bound=StoredState)


class MemoryTrackingReads(Generic[State]):
    """See `tracking.TrackingReads`."""

    _state: State

    async def current(self, wanted: CurrentFilter, *, at: datetime | None = None) -> Current:
        """See `tracking.TrackingReads`."""
        kept = self._state.deployments.values()
        retired: defaultdict[LanePlace, list[datetime]] = defaultdict(list)
        for each in self._state.retirements:
            retired[each.service, each.environment].append(each.retired_at)
        cells = [
            cell if at is not None else replace(cell, in_progress=_in_progress(kept, cell.lane))
            for _, cell in sorted(standing(kept, retired, at=at).items())
            if _matches(cell, wanted)
        ]
        return Current(seq=len(self._state.entries), cells=tuple(cells))

    async def history(self, wanted: HistoryFilter, window: Window) -> Page[Deployment]:
        """See `tracking.TrackingReads`."""
        found = sorted(self._matching(wanted), key=_history_position, reverse=True)
        if window.after is not None:
            instant, _, number = window.after.partition("/")
            after = datetime.fromisoformat(instant), int(number)
            found = [each for each in found if _history_position(each) < after]
        items = tuple(found[: window.limit])
        more = len(found) > window.limit
        return Page(items=items, next_after=history_key(items[-1]) if more else None)

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
            recent=tuple(each for _, _, each in stood[:RECENT]),
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


def history_key(deployment: Deployment) -> str:
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


def _in_progress(kept: Iterable[Deployment], lane: LanePlace) -> InProgress | None:
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
