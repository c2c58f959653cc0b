"""The statuses of versions in required environments at past instants.

The rules are those in `gates.upstream_status`. Only for replayed records, which no gate ever held,
the soak time of a record counts from when it was deployed, however late it was recorded, because
imported history could not be replayed otherwise.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from gatepost_domain.access.credential_provenance import Identity, are_independent
from gatepost_domain.access.roles import ROLES_WITH, Right
from gatepost_domain.access.users import User
from gatepost_domain.catalog.policy import AcceptRecords, Policy
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.simulation.history import (
    EnvironmentHistory,
    PastDeployment,
    UpstreamDeployment,
)
from gatepost_domain.tracking.live_deployment_timeline import live_deployment_changes


class PastStatus(NamedTuple):
    """A version's status in one required environment at a past instant."""

    has_recent_success: bool
    is_soaked: bool


_MISSING = PastStatus(has_recent_success=False, is_soaked=False)


@dataclass(slots=True)
class _LiveTime:
    """An uninterrupted period in which a version was live."""

    starts: list[UpstreamDeployment] = field(default_factory=list[UpstreamDeployment])
    """The deployments that made or kept the version live."""
    started_at: list[datetime] = field(default_factory=list[datetime])
    """When each of these deployments did so."""
    ended_at: datetime | None = None


@dataclass(slots=True)
class _VersionHistory:
    """The history of one version in one lane."""

    deployed: list[UpstreamDeployment]
    """In order of time."""
    deployed_at: list[datetime]
    rolled_back_at: list[datetime]
    """In order of time."""
    has_required_checks: bool
    live_times: list[_LiveTime] = field(default_factory=list[_LiveTime])


class UpstreamHistory:
    """The history of the environments that a policy requires."""

    def __init__(self, history: EnvironmentHistory, policy: Policy, users: Iterable[User]) -> None:
        self._policy = policy
        self._soak_time = timedelta(seconds=policy.soak_s)
        self._max_age = None if policy.max_age_s is None else timedelta(seconds=policy.max_age_s)
        self._users = {user.name: user for user in users}
        self._is_operator: dict[tuple[str, str, str], bool] = {}
        self._independent: dict[tuple[tuple[Identity, ...], tuple[Identity, ...]], bool] = {}
        self._versions: dict[tuple[str, str, str], _VersionHistory] = {}
        self._evaluated = {(each.service, each.version) for each in history.deployments}
        retired: dict[tuple[str, str], list[datetime]] = {}
        for retirement in history.retirements:
            lane = retirement.environment, retirement.service
            retired.setdefault(lane, []).append(retirement.at)
        for lane, deployments in groupby(sorted(history.upstream, key=_lane_of), key=_lane_of):
            self._add_lane(
                lane,
                list(deployments),
                retired.get(lane, ()),
                has_required_checks=(lane[1], lane[0]) in history.checked_lanes,
            )

    def statuses(self, deployment: PastDeployment) -> list[PastStatus]:
        """Return the version's status in each required environment when the deployment started.

        The deployment must be one from the history.
        """
        return [self._status(name, deployment) for name in self._policy.requires]

    def _add_lane(
        self,
        lane: tuple[str, str],
        deployments: Sequence[UpstreamDeployment],
        retired: Iterable[datetime],
        *,
        has_required_checks: bool,
    ) -> None:
        by_version: dict[str, list[UpstreamDeployment]] = {}
        for each in deployments:
            if (each.service, each.version) in self._evaluated:
                by_version.setdefault(each.version, []).append(each)
        of_lane = {
            version: _version_history(each, has_required_checks=has_required_checks)
            for version, each in by_version.items()
        }
        if self._soak_time:
            _add_live_times(of_lane, deployments, retired)
        for version, history in of_lane.items():
            self._versions[(*lane, version)] = history

    def _status(self, environment: str, deployment: PastDeployment) -> PastStatus:
        history = self._versions.get((environment, deployment.service, deployment.version))
        if history is None:
            return _MISSING
        valid = _valid_range(history, deployment.at)
        last = next(
            (
                history.deployed[index]
                for index in reversed(valid)
                if self._proves_success(history, history.deployed[index], deployment)
            ),
            None,
        )
        if last is None:
            return _MISSING
        is_recent = self._max_age is None or last.deployed_at >= deployment.at - self._max_age
        is_soaked = not self._soak_time or self._is_soaked(history, valid, deployment)
        return PastStatus(has_recent_success=is_recent, is_soaked=is_soaked)

    def _proves_success(
        self, history: _VersionHistory, success: UpstreamDeployment, deployment: PastDeployment
    ) -> bool:
        is_checked = success.recorder is None or not history.has_required_checks
        return is_checked and self._counts(success, deployment)

    def _is_soaked(
        self, history: _VersionHistory, valid: range, deployment: PastDeployment
    ) -> bool:
        first_at = next(
            history.deployed_at[index]
            for index in valid
            if self._counts(history.deployed[index], deployment)
        )
        for live_time in history.live_times:
            if live_time.started_at[0] > deployment.at:
                return False
            counted_from = self._counted_from(live_time, first_at, deployment)
            end = min(live_time.ended_at or deployment.at, deployment.at)
            if counted_from is not None and counted_from + self._soak_time <= end:
                return True
        return False

    def _counted_from(
        self, live_time: _LiveTime, first_at: datetime, deployment: PastDeployment
    ) -> datetime | None:
        """Return the instant from which a live period counts for a deployment."""
        counted_from: datetime | None = None
        for started_at, start in zip(live_time.started_at, live_time.starts, strict=True):
            if counted_from is not None and counted_from <= started_at:
                break
            if started_at >= first_at and self._counts(start, deployment):
                starts_at = started_at
                if start.recorded_at is not None and deployment.kind is not DeploymentKind.RECORD:
                    starts_at = max(started_at, start.recorded_at)
                counted_from = starts_at if counted_from is None else min(counted_from, starts_at)
        return counted_from

    def _counts(self, success: UpstreamDeployment, deployment: PastDeployment) -> bool:
        """Return whether a success counts for a deployment; some records do not."""
        accepted = self._policy.accept_records
        if success.recorder is None or accepted is AcceptRecords.ANY:
            return True
        if accepted is AcceptRecords.NONE or not self._is_recorded_by_operator(success):
            return False
        if deployment.kind is DeploymentKind.RECORD:
            return True
        return self._are_independent(success.identities, deployment.identities)

    def _is_recorded_by_operator(self, record: UpstreamDeployment) -> bool:
        key = record.recorder or "", record.service, record.environment
        if key not in self._is_operator:
            user = self._users.get(key[0])
            self._is_operator[key] = (
                user is not None
                and not user.disabled
                and any(
                    grant.role in ROLES_WITH[Right.OPERATE] and grant.covers(key[1], key[2])
                    for grant in user.grants
                )
            )
        return self._is_operator[key]

    def _are_independent(
        self, recorders: tuple[Identity, ...], requesters: tuple[Identity, ...]
    ) -> bool:
        key = recorders, requesters
        if key not in self._independent:
            self._independent[key] = all(
                are_independent(recorder, requester)
                for recorder in recorders
                for requester in requesters
            )
        return self._independent[key]


def _lane_of(deployment: UpstreamDeployment) -> tuple[str, str]:
    return deployment.environment, deployment.service


def _version_history(
    deployments: Iterable[UpstreamDeployment], *, has_required_checks: bool
) -> _VersionHistory:
    deployed = sorted(deployments, key=lambda each: (each.deployed_at, each.number))
    rollbacks = (each.rolled_back_at for each in deployed)
    return _VersionHistory(
        deployed=deployed,
        deployed_at=[each.deployed_at for each in deployed],
        rolled_back_at=sorted(at for at in rollbacks if at is not None),
        has_required_checks=has_required_checks,
    )


def _valid_range(history: _VersionHistory, at: datetime) -> range:
    """Return the positions of the successes up to an instant that were still valid then."""
    rollbacks = bisect_right(history.rolled_back_at, at)
    start = (
        bisect_right(history.deployed_at, history.rolled_back_at[rollbacks - 1]) if rollbacks else 0
    )
    return range(start, bisect_right(history.deployed_at, at))


def _add_live_times(
    versions: Mapping[str, _VersionHistory],
    deployments: Sequence[UpstreamDeployment],
    retired: Iterable[datetime],
) -> None:
    current: str | None = None
    live_time = _LiveTime()
    for at, live in live_deployment_changes(deployments, retired):
        version = None if live is None else live.version
        if version != current:
            live_time.ended_at = at
            live_time = _LiveTime()
            if version is not None and version in versions:
                versions[version].live_times.append(live_time)
        if live is not None:
            live_time.starts.append(live)
            live_time.started_at.append(at)
        current = version
