"""What a version came to in an earlier environment: whether it succeeded, and how long it stood."""

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
    """What a version came to in one environment."""

    environment: str
    succeeded_at: datetime | None
    """When it last succeeded there, and was not rolled back since; none if it did not."""
    too_old: bool = False
    """Whether that is longer ago than the policy allows."""
    soaked_at: datetime | None = None
    """When it has stood there for as long as the policy asks: past, or to come if it goes on
    standing; none where it neither did nor stands."""
    soaked: bool = True
    """Whether that is so by now."""

    @property
    def is_proven(self) -> bool:
        """Whether it succeeded there, and recently enough."""
        return self.succeeded_at is not None and not self.too_old


def last_success(of_version: Iterable[Deployment], *, has_required_checks: bool) -> datetime | None:
    """When a version last succeeded in a lane, of all that became of it there.

    A rollback takes back every success before it. A record tells of no checks, so it proves
    nothing where the target has some that must pass (`has_required_checks`).
    """
    return max(_valid_successes(of_version, has_required_checks=has_required_checks), default=None)


def live_since(of_version: Iterable[Deployment]) -> datetime | None:
    """From when on a version's time in a lane counts, of all that became of it there.

    It is when it was first deployed since it was last rolled back: what it stood before then was
    taken back with it.
    """
    return min(_valid_successes(of_version, has_required_checks=False), default=None)


def _valid_successes(
    of_version: Iterable[Deployment], *, has_required_checks: bool
) -> Iterator[datetime]:
    """Each success of a version that no rollback took back."""
    became = list(of_version)
    undone = max((each.rolled_back_at for each in became if each.rolled_back_at), default=None)
    for each in became:
        at = each.deployed_at
        if at is None or (undone is not None and at <= undone):
            continue
        if not (has_required_checks and each.kind is DeploymentKind.RECORD):
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
    """What a policy makes of a version's time in one environment, at an instant.

    `deployments` is all that was deployed there since the version's time there counts; it is asked for
    only where the policy wants a version to soak.
    """
    if succeeded_at is None:
        return UpstreamStatus(environment=environment, succeeded_at=None, soaked=False)
    oldest = None if policy.max_age_s is None else at - timedelta(seconds=policy.max_age_s)
    wanted = timedelta(seconds=policy.soak_s)
    soaked_at = (
        soak_completes_at(deployments, retired, version=version, soak_time=wanted)
        if wanted
        else None
    )
    return UpstreamStatus(
        environment=environment,
        succeeded_at=succeeded_at,
        too_old=oldest is not None and succeeded_at < oldest,
        soaked_at=soaked_at,
        soaked=not wanted or (soaked_at is not None and soaked_at <= at),
    )


def soak_completes_at(
    deployments: Iterable[Deployment],
    retired: Iterable[datetime],
    *,
    version: str,
    soak_time: timedelta,
) -> datetime | None:
    """When a version has stood in a lane for so long without a break, if it ever does.

    Each instant belongs to what was deployed last of all that had been deployed and was not yet
    rolled back or retired; a rollback brings the one before back, and with it a new beginning.
    """
    began: datetime | None = None
    for at, stands in _live_version_changes(deployments, retired):
        if began is not None and stands != version:
            if at - began >= soak_time:
                return began + soak_time
            began = None
        elif began is None and stands == version:
            began = at
    return None if began is None else began + soak_time


def _live_version_changes(
    deployments: Iterable[Deployment], retired: Iterable[datetime]
) -> Iterable[tuple[datetime, str | None]]:
    """Each instant at which something came or went, and the version that stood from then on.

    What came and went in the same instant never stood.
    """
    marks: list[tuple[datetime, int, int, Deployment | None]] = [(at, 1, 0, None) for at in retired]
    for each in deployments:
        if each.deployed_at is not None:
            marks.append((each.deployed_at, 0, each.number, each))
            if each.rolled_back_at is not None:
                marks.append((each.rolled_back_at, 2, each.number, each))
    standing: list[tuple[datetime, int, str]] = []
    marks.sort(key=lambda mark: mark[:3])
    for at, at_once in groupby(marks, key=lambda mark: mark[0]):
        for _, what, _, deployment in at_once:
            if deployment is None:
                standing.clear()
                continue
            place = (deployment.deployed_at or at, deployment.number, deployment.version)
            if what == 0:
                insort(standing, place)
            elif place in standing:
                standing.remove(place)
        yield at, standing[-1][2] if standing else None
