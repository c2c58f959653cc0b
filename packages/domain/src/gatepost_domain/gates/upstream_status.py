"""The status of a version in an earlier environment, including how long it was live."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamStatus:
    """The status of a version in one required environment."""

    environment: str
    succeeded_at: datetime | None
    """When the version last succeeded without a rollback since; None if it did not succeed."""
    too_old: bool = False
    """Whether the last success is longer ago than the policy allows."""
    soaked_at: datetime | None = None
    """When its soak time is complete, which may be in the future; None if it is not live and was
    not live long enough."""
    soaked: bool = True
    """Whether the soak time is complete."""

    @property
    def has_recent_success(self) -> bool:
        """Whether the version succeeded in the environment recently enough."""
        return self.succeeded_at is not None and not self.too_old


def last_success_since_rollback(
    of_version: Iterable[Deployment], *, has_required_checks: bool
) -> datetime | None:
    """Return when a version last succeeded in a lane, given its deployments there.

    A rollback invalidates every earlier success. Records include no checks, so they do not count
    if the target has required checks.
    """
    return max(
        _successes_since_last_rollback(of_version, has_required_checks=has_required_checks),
        default=None,
    )


def first_success_since_rollback(of_version: Iterable[Deployment]) -> datetime | None:
    """Return when a version's time in a lane starts to count, given its deployments there.

    This is the instant of its first deployment since its last rollback.
    """
    return min(_successes_since_last_rollback(of_version, has_required_checks=False), default=None)


def _successes_since_last_rollback(
    of_version: Iterable[Deployment], *, has_required_checks: bool
) -> Iterator[datetime]:
    """Yield each success that no rollback invalidated."""
    deployments = list(of_version)
    rollbacks = (deployment.rolled_back_at for deployment in deployments)
    last_rollback_at = max((at for at in rollbacks if at is not None), default=None)
    for deployment in deployments:
        at = deployment.deployed_at
        if at is None or (last_rollback_at is not None and at <= last_rollback_at):
            continue
        if not (has_required_checks and deployment.kind is DeploymentKind.RECORD):
            yield at


def evaluate_upstream(
    environment: str,
    succeeded_at: datetime | None,
    deployments: Sequence[Deployment],
    retired: Iterable[datetime],
    *,
    version: str,
    policy: Policy,
    at: datetime,
) -> UpstreamStatus:
    """Return the status of a version in one environment under a policy at an instant.

    `deployments` is everything deployed there since `first_success_since_rollback`, and `retired`
    lists when the lane was retired; both are used only if the policy requires a soak time.
    """
    if succeeded_at is None:
        return UpstreamStatus(environment=environment, succeeded_at=None, soaked=False)
    oldest = None if policy.max_age_s is None else at - timedelta(seconds=policy.max_age_s)
    soak_time = timedelta(seconds=policy.soak_s)
    soaked_at = (
        soak_completes_at(deployments, retired, version=version, soak_time=soak_time)
        if soak_time
        else None
    )
    return UpstreamStatus(
        environment=environment,
        succeeded_at=succeeded_at,
        too_old=oldest is not None and succeeded_at < oldest,
        soaked_at=soaked_at,
        soaked=not soak_time or (soaked_at is not None and soaked_at <= at),
    )


def soak_completes_at(
    deployments: Iterable[Deployment],
    retired: Iterable[datetime],
    *,
    version: str,
    soak_time: timedelta,
) -> datetime | None:
    """Return when a version has been live in a lane for `soak_time` without interruption.

    Return None if it was never live that long and is not live now. A rollback makes the previous
    version live again, and its soak time starts anew.
    """
    live_from: datetime | None = None
    for at, live_version in _live_version_changes(deployments, retired):
        if live_from is not None and live_version != version:
            if at - live_from >= soak_time:
                return live_from + soak_time
            live_from = None
        elif live_from is None and live_version == version:
            live_from = at
    return None if live_from is None else live_from + soak_time


def _live_version_changes(
    deployments: Iterable[Deployment], retired: Iterable[datetime]
) -> Iterable[tuple[datetime, str | None]]:
    """Yield each instant at which the live version of a lane changes, with the new version.

    A version deployed and rolled back in the same instant is never live.
    """
    changes: list[tuple[datetime, int, int, Deployment | None]] = [
        (at, 1, 0, None) for at in retired
    ]
    for deployment in deployments:
        if deployment.deployed_at is not None:
            changes.append((deployment.deployed_at, 0, deployment.number, deployment))
            if deployment.rolled_back_at is not None:
                changes.append((deployment.rolled_back_at, 2, deployment.number, deployment))
    live: list[tuple[datetime, int, str]] = []
    changes.sort(key=lambda change: change[:3])
    for at, simultaneous in groupby(changes, key=lambda change: change[0]):
        for _, order, _, changed in simultaneous:
            if changed is None:
                live.clear()
                continue
            position = (changed.deployed_at or at, changed.number, changed.version)
            if order == 0:
                insort(live, position)
            elif position in live:
                live.remove(position)
        yield at, live[-1][2] if live else None
