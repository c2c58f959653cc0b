"""Reads of the current state, the history and the statistics in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.tracking import RECENT_LIMIT, WEEK
from gatepost_domain.status_transitions import WAITING_STATUSES, Status
from gatepost_domain.tracking.current_state import (
    Cell,
    CurrentFilter,
    CurrentSnapshot,
    InProgress,
    LaneKey,
    RollbackTarget,
    StateQuery,
    live_cells,
)
from gatepost_domain.tracking.history_filters import (
    HistoryFilter,
    WeekOverview,
    happened_at,
    rollout_at,
)
from tests.support.memory.state import MemoryState


class MemoryCurrentStateReads:
    """Reads of the current state, the history and the statistics in memory."""

    _state: MemoryState

    async def current_state(
        self, criteria: CurrentFilter, *, at: datetime | None = None
    ) -> CurrentSnapshot:
        """Return the live deployments, now or at an instant, based on when they were deployed."""
        deployments = self._state.deployments.values()
        retired: defaultdict[LaneKey, list[datetime]] = defaultdict(list)
        for retirement in self._state.retirements:
            retired[retirement.service, retirement.environment].append(retirement.retired_at)
        cells = [
            cell
            if at is not None
            else replace(
                cell,
                in_progress=_in_progress(deployments, cell.lane_key),
                rolling_back_to=_rolling_back_to(deployments, cell.deployment_id),
            )
            for _, cell in sorted(live_cells(deployments, retired, at=at).items())
            if _matches(cell, criteria)
        ]
        return CurrentSnapshot(seq=len(self._state.entries), cells=tuple(cells))

    async def current_states(self, queries: Sequence[StateQuery]) -> tuple[CurrentSnapshot, ...]:
        """Return several states as of the same write."""
        return tuple([await self.current_state(query.criteria, at=query.at) for query in queries])

    async def deployment_history(
        self, criteria: HistoryFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return deployments, newest first, ordered by `happened_at`."""
        deployments = sorted(self._matching(criteria), key=_history_position, reverse=True)
        if page_request.after is not None:
            instant, _, number = page_request.after.partition("/")
            after = datetime.fromisoformat(instant), int(number)
            deployments = [
                deployment for deployment in deployments if _history_position(deployment) < after
            ]
        items = tuple(deployments[: page_request.limit])
        has_more = len(deployments) > page_request.limit
        return Page(items=items, next_key=history_cursor(items[-1]) if has_more else None)

    async def latest_rollout(self, service: str, environment: str | None) -> Deployment | None:
        """Return a service's deployment with the latest `rollout_at`, or None.

        Without an environment, all environments are considered. If several deployments have the
        same `rollout_at`, the one with the highest number is returned.
        """
        rollouts = [
            (at, deployment.number, deployment)
            for deployment in self._state.deployments.values()
            if deployment.service == service
            and environment in {None, deployment.environment}
            and (at := rollout_at(deployment)) is not None
        ]
        return max(rollouts, key=lambda rollout: rollout[:2])[2] if rollouts else None

    async def week_overview(self, *, at: datetime) -> WeekOverview:
        """Return the statistics of the week that ends at an instant."""
        deployed = [
            (deployment.deployed_at, deployment.number, deployment)
            for deployment in self._state.deployments.values()
            if deployment.deployed_at is not None and deployment.hidden is None
        ]
        deployed.sort(key=lambda item: item[:2], reverse=True)
        return WeekOverview(
            services=len(self._state.services),
            deployments_this_week=sum(at - WEEK < since <= at for since, _, _ in deployed),
            recent=tuple(deployment for _, _, deployment in deployed[:RECENT_LIMIT]),
        )

    def _matching(self, criteria: HistoryFilter) -> Iterator[Deployment]:
        for deployment in self._state.deployments.values():
            at = happened_at(deployment)
            if (
                (not criteria.services or deployment.service in criteria.services)
                and (not criteria.environments or deployment.environment in criteria.environments)
                and (criteria.since is None or at >= criteria.since)
                and (criteria.until is None or at < criteria.until)
            ):
                yield deployment


def history_cursor(deployment: Deployment) -> str:
    """Return a deployment's key in a page of the history."""
    return f"{happened_at(deployment).isoformat()}/{deployment.number}"


def _history_position(deployment: Deployment) -> tuple[datetime, int]:
    return happened_at(deployment), deployment.number


def _matches(cell: Cell, criteria: CurrentFilter) -> bool:
    return all(
        not values or value in values
        for values, value in (
            (criteria.services, cell.service),
            (criteria.environments, cell.environment),
            (criteria.tiers, cell.tier),
        )
    )


def _rolling_back_to(
    deployments: Iterable[Deployment], deployment_id: UUID
) -> RollbackTarget | None:
    """Return the unfinished deployment that replaces a rolled-back one."""
    for deployment in deployments:
        is_under_way = deployment.status in {*WAITING_STATUSES, Status.STARTED}
        if deployment.rolls_back == deployment_id and is_under_way:
            return RollbackTarget(
                deployment_id=deployment.id,
                number=deployment.number,
                version=deployment.version,
                status=deployment.status,
            )
    return None


def _in_progress(deployments: Iterable[Deployment], lane: LaneKey) -> InProgress | None:
    """Return the started deployment of a lane or, without one, the oldest queued deployment."""
    in_progress = [
        (deployment.status is Status.QUEUED, deployment.number, deployment)
        for deployment in deployments
        if (deployment.service, deployment.environment) == lane
        and deployment.status in {Status.STARTED, Status.QUEUED}
    ]
    first = min(in_progress, default=None)
    if first is None:
        return None
    deployment = first[-1]
    return InProgress(
        deployment_id=deployment.id,
        number=deployment.number,
        version=deployment.version,
        status=deployment.status,
    )
