"""A version's status in an earlier environment, including its soak time there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gates.trusted_records import (
    DisregardedRecord,
    ProvingRecord,
    counts_as_live_from,
    to_proving_record,
)
from gatepost_domain.tracking.live_deployment_timeline import live_deployment_changes

Objection = Callable[[Deployment], str | None]
"""A function that returns why a record does not count, or None if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidatingRollback:
    """The rollback that invalidated the last success of a version in an environment."""

    number: int
    """The number of the deployment that was rolled back."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamStatus:
    """A version's status in one required environment."""

    environment: str
    succeeded_at: datetime | None
    """When the version last succeeded without being rolled back since; None if it never did."""
    proof: ProvingRecord | None = None
    """The record that proves the success; None if the version was deployed through Gatepost."""
    disregarded: DisregardedRecord | None = None
    """The version's latest record that does not count; None if there is none."""
    rollback: InvalidatingRollback | None = None
    """The last rollback, if it invalidated every success; otherwise None."""
    unchecked_record: int | None = None
    """The number of the latest record that counts for the soak time, but not as a success, because
    checks are required; None if there is none."""
    too_old: bool = False
    """Whether the last success is older than the policy allows."""
    soaked_at: datetime | None = None
    """When its soak time is complete, which may be in the future; None if it is not live and was
    never live long enough."""
    soaked: bool = True
    """Whether the soak time is complete."""

    @property
    def has_recent_success(self) -> bool:
        """Whether the version succeeded in the environment recently enough."""
        return self.succeeded_at is not None and not self.too_old

    def describe(self) -> str:
        """Return the environment, described with the record that proves the success, if any."""
        if self.proof is None:
            return self.environment
        return f"{self.environment} ({self.proof.describe()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Successes:
    """A version's successes in a lane that no rollback invalidated."""

    last: Deployment | None = None
    """The last success that counts; None if there is none."""
    first_at: datetime | None = None
    """When the version's soak time in the lane can start: at its first success that counts."""
    disregarded: DisregardedRecord | None = None
    """The latest record that does not count, although no rollback invalidated it."""
    rollback: InvalidatingRollback | None = None
    """The last rollback, if it invalidated every success; otherwise None."""
    unchecked_record: int | None = None
    """The number of the latest record, if there are only records and checks are required."""


def accept_every_record(_: Deployment) -> None:
    """Return None: there is no objection to any record."""


def find_successes(
    of_version: Iterable[Deployment],
    *,
    has_required_checks: bool,
    objection: Objection = accept_every_record,
) -> Successes:
    """Return a version's successes in a lane, given its deployments there.

    A rollback invalidates every earlier success. A record includes no checks: if the target has
    required checks, it is not a success, but it can still start the soak time.
    """
    deployments = list(of_version)
    valid = list(_find_valid_successes(deployments))
    objections = {
        record.number: reason
        for _, record in valid
        if record.kind is DeploymentKind.RECORD and (reason := objection(record)) is not None
    }
    counting = [success for success in valid if success[1].number not in objections]
    proving = [
        success
        for success in counting
        if not (has_required_checks and success[1].kind is DeploymentKind.RECORD)
    ]
    refused = [success for success in valid if success[1].number in objections]
    disregarded = max(refused, key=_by_time, default=None)
    return Successes(
        unchecked_record=max(counting, key=_by_time)[1].number
        if counting and not proving
        else None,
        rollback=None if valid else _find_invalidating_rollback(deployments),
        last=max(proving, key=_by_time)[1] if proving else None,
        first_at=min((at for at, _ in counting), default=None),
        disregarded=None
        if disregarded is None
        else DisregardedRecord(
            number=disregarded[1].number, reason=objections[disregarded[1].number]
        ),
    )


def _by_time(success: tuple[datetime, Deployment]) -> tuple[datetime, bool, int]:
    """Return a sort key: by time, with records before other successes at the same time."""
    at, deployment = success
    return at, deployment.kind is not DeploymentKind.RECORD, deployment.number


def _find_invalidating_rollback(deployments: Sequence[Deployment]) -> InvalidatingRollback | None:
    if all(deployment.deployed_at is None for deployment in deployments):
        return None
    rollbacks = [
        (at, deployment.number)
        for deployment in deployments
        if (at := deployment.rolled_back_at) is not None
    ]
    at, number = max(rollbacks)
    return InvalidatingRollback(number=number, at=at)


def _find_valid_successes(
    deployments: Sequence[Deployment],
) -> Iterator[tuple[datetime, Deployment]]:
    """Yield the time of each success that no rollback invalidated, with its deployment."""
    rollbacks = (deployment.rolled_back_at for deployment in deployments)
    last_rollback_at = max((at for at in rollbacks if at is not None), default=None)
    for deployment in deployments:
        at = deployment.deployed_at
        if at is not None and (last_rollback_at is None or at > last_rollback_at):
            yield at, deployment


def evaluate_upstream(
    environment: str,
    successes: Successes,
    deployments: Sequence[Deployment],
    retired: Iterable[datetime],
    *,
    version: str,
    policy: Policy,
    at: datetime,
    objection: Objection = accept_every_record,
) -> UpstreamStatus:
    """Return a version's status in one environment under a policy at an instant.

    `deployments` contains everything deployed there since the first of the successes, and `retired`
    lists the times at which the lane was retired; both are used only if the policy requires a soak
    time.
    """
    last, disregarded = successes.last, successes.disregarded
    succeeded_at = None if last is None else last.deployed_at
    if last is None or succeeded_at is None:
        return UpstreamStatus(
            environment=environment,
            succeeded_at=None,
            disregarded=disregarded,
            rollback=successes.rollback,
            unchecked_record=successes.unchecked_record,
            soaked=False,
        )
    oldest = None if policy.max_age_s is None else at - timedelta(seconds=policy.max_age_s)
    soak_time = timedelta(seconds=policy.soak_s)
    soaked_at = (
        soak_completes_at(
            deployments, retired, version=version, soak_time=soak_time, objection=objection
        )
        if soak_time
        else None
    )
    return UpstreamStatus(
        environment=environment,
        succeeded_at=succeeded_at,
        proof=to_proving_record(last),
        disregarded=disregarded,
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
    objection: Objection = accept_every_record,
) -> datetime | None:
    """Return when a version has been live in a lane for `soak_time` without interruption.

    Return None if it was never live that long and is not live now. A rollback makes the previous
    version live again, and restarts its soak time. A record counts from when it was recorded; a
    record that does not count starts no soak time.
    """
    live_from: datetime | None = None
    for at, live in live_deployment_changes(deployments, retired):
        if live is None or live.version != version:
            if live_from is not None and at - live_from >= soak_time:
                return live_from + soak_time
            live_from = None
            continue
        counted_from = counts_as_live_from(live)
        is_record = live.kind is DeploymentKind.RECORD
        if counted_from is None or (is_record and objection(live) is not None):
            continue
        starts_at = max(at, counted_from)
        live_from = starts_at if live_from is None else min(live_from, starts_at)
    return None if live_from is None else live_from + soak_time
