"""The check run: one run of a target's checks by a worker, outside of a deployment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.catalog.target import Check, Target, TargetSettings

WAITING_LIMIT: Final = timedelta(minutes=10)
"""How long a check run can wait for a worker before it counts as lost."""

_RETRY_DELAY: Final = timedelta(seconds=1)
_REPORTING_TIME: Final = timedelta(minutes=1)


class CheckRunState(StrEnum):
    """Whether a check run is waiting, running, finished or lost."""

    QUEUED = "queued"
    """Waiting for a worker."""
    RUNNING = "running"
    """A worker is running the checks."""
    FINISHED = "finished"
    """The worker reported the results."""
    LOST = "lost"
    """No worker claimed the check run in time, or no worker reported the results in time."""


OPEN_STATES: Final = (CheckRunState.QUEUED, CheckRunState.RUNNING)
"""The states of check runs that have not ended."""


class CheckState(StrEnum):
    """The outcome of one check in a check run."""

    PASSED = "passed"
    FAILED = "failed"
    """The service answered, but not as expected, or it did not answer."""
    ERRORED = "errored"
    """The result could not be determined."""
    SKIPPED = "skipped"
    """The check did not run because an earlier required check did not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one check in a check run."""

    name: str
    state: CheckState
    required: bool
    """Whether the target's settings require the check to pass."""
    attempts: int
    """How many times the check was tried; 0 if it was skipped."""
    detail: str
    """What the worker observed, in a sentence; empty if the check was skipped."""
    at: datetime | None
    """When the final attempt ended, by the worker's clock; None if the check was skipped."""
    took_ms: int | None
    """The duration of the final attempt; None if the check was skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """One run of a target's checks. It has no effect on any deployment."""

    id: UUID
    service: str
    environment: str
    state: CheckRunState
    requested_by: str
    requested_at: datetime
    target_version: int
    """The version of the target's settings that contains the checks."""
    target_set_at: datetime
    """When that version of the settings was set."""
    deadline_at: datetime
    """The time by which a worker must claim the run or, once it is claimed, finish it; otherwise,
    it counts as lost."""
    attempt: int = 0
    """The number of claims, which is also the fencing token of the latest one."""
    version: str | None = None
    """The version that was live when the checks started; None before that, or if no version was
    live."""
    worker: str | None = None
    """The name of the worker that last claimed the run."""
    claimed_at: datetime | None = None
    leased_until: datetime | None = None
    """When another worker may take over; None before the first claim."""
    lease: timedelta | None = None
    """How long a claim lasts after it is made or renewed."""
    ended_at: datetime | None = None
    results: tuple[CheckResult, ...] = ()
    """One result for each check, in the settings' order; empty until the run is finished."""
    note: str | None = None
    """Why the run was lost; None if it was not."""

    @property
    def is_open(self) -> bool:
        """Whether the run is queued or running."""
        return self.state in OPEN_STATES

    @property
    def outcome(self) -> CheckState | None:
        """Return the worst result of the required checks; None unless the run is finished.

        The outcome is `errored` if no required check failed but one of them errored or was skipped.
        """
        if self.state is not CheckRunState.FINISHED:
            return None
        required = {result.state for result in self.results if result.required}
        if CheckState.FAILED in required:
            return CheckState.FAILED
        is_known = required <= {CheckState.PASSED}
        return CheckState.PASSED if is_known else CheckState.ERRORED


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask:
    """Everything a worker needs to run the checks of a claimed check run."""

    run: CheckRun
    settings: TargetSettings
    outgoing_allow: tuple[str, ...]
    """The hosts and networks that checks may call."""


def request_run(target: Target, *, id: UUID, actor: str, at: datetime) -> CheckRun:  # noqa: A002  # the field's own name
    """Return a new check run, which uses the target's current settings."""
    return CheckRun(
        id=id,
        service=target.service,
        environment=target.environment,
        state=CheckRunState.QUEUED,
        requested_by=actor,
        requested_at=at,
        target_version=target.revision,
        target_set_at=target.changed_at,
        deadline_at=at + WAITING_LIMIT,
    )


def claim_run(
    run: CheckRun,
    checks: Iterable[Check],
    *,
    worker: str,
    version: str | None,
    lease: timedelta,
    at: datetime,
) -> CheckRun:
    """Return the run as claimed by a worker. A later claim does not extend the deadline."""
    is_first = run.state is CheckRunState.QUEUED
    return replace(
        run,
        state=CheckRunState.RUNNING,
        attempt=run.attempt + 1,
        worker=worker,
        version=version,
        claimed_at=at,
        leased_until=at + lease,
        lease=lease,
        deadline_at=at + _longest_duration(checks) if is_first else run.deadline_at,
    )


def finish_run(run: CheckRun, results: tuple[CheckResult, ...], *, at: datetime) -> CheckRun:
    """Return the run as finished, with one result for each check."""
    return replace(run, state=CheckRunState.FINISHED, results=results, ended_at=at)


def mark_run_lost(run: CheckRun, *, at: datetime) -> CheckRun:
    """Return the run marked as lost, with the reason."""
    if run.state is CheckRunState.QUEUED:
        note = (
            "No worker took the checks in time. Start a worker of this release that has the role "
            f"worker for {run.service} in {run.environment}, then run the checks again."
        )
    else:
        note = (
            f"The checks were not finished in time. Worker {run.worker} ran them last, in attempt "
            f"{run.attempt}; run them again."
        )
    return replace(run, state=CheckRunState.LOST, ended_at=at, note=note)


def _longest_duration(checks: Iterable[Check]) -> timedelta:
    """Return how long the checks can take, including all attempts and the report that follows."""
    durations = (
        check.attempts * (timedelta(seconds=check.timeout_s) + _RETRY_DELAY) for check in checks
    )
    return sum(durations, _REPORTING_TIME)
