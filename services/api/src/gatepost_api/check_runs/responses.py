"""Responses for check runs."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.check_runs import check_run as domain
from gatepost_domain.check_runs.check_run import CheckRunState, CheckState


class CheckRunResult(ResponseModel):
    """The result of one check in a check run."""

    name: str
    """The name of the check."""
    state: CheckState
    """`failed` if the service's response was wrong or missing, `errored` if the result could not be
    determined, `skipped` if an earlier required check did not pass."""
    required: bool
    """Whether the run fails if this check fails."""
    attempts: int
    """The number of attempts made."""
    detail: str
    """What the worker observed. Empty if the check was skipped."""
    at: Instant | None
    """When the final attempt ended, by the worker's clock. Null if the check was skipped."""
    took_ms: int | None
    """The duration of the final attempt, in milliseconds. Null if the check was skipped."""

    @classmethod
    def from_domain(cls, result: domain.CheckResult) -> Self:
        """Map a domain result to its response."""
        return cls(
            name=result.name,
            state=result.state,
            required=result.required,
            attempts=result.attempts,
            detail=result.detail,
            at=result.at,
            took_ms=result.took_ms,
        )


class CheckRun(ResponseModel):
    """One run of a target's checks outside a deployment."""

    id: UUID
    """The id of the run."""
    service: str
    """The service of the target."""
    environment: str
    """The environment of the target."""
    state: CheckRunState
    """The state of the run: `lost` if no worker claimed the run or reported its results in time."""
    outcome: CheckState | None
    """The worst result of the required checks: `passed`, `failed` or `errored`. Null until the run
    finishes, and if it is lost."""
    requested_by: str
    """Who requested the run."""
    requested_at: Instant
    """When the run was requested."""
    target_version: int
    """The version of the target's settings that defines the checks."""
    version: str | None
    """The version that was live when the checks started. Null until they start, or if no version
    was live."""
    worker: str | None
    """The worker that most recently claimed the run. Null while it is queued."""
    attempt: int
    """How many times the run has been claimed. More than 1 if a worker was lost."""
    claimed_at: Instant | None
    """When the run was most recently claimed. Null while it is queued."""
    ended_at: Instant | None
    """When the run finished or was lost. Null until then."""
    results: list[CheckRunResult]
    """One result for each check, in the order of the settings. Empty until the run finishes."""
    note: str | None
    """Why the run was lost, and what to do. Null if it was not lost."""

    @classmethod
    def from_domain(cls, run: domain.CheckRun) -> Self:
        """Map a domain check run to its response."""
        return cls(
            id=run.id,
            service=run.service,
            environment=run.environment,
            state=run.state,
            outcome=run.outcome,
            requested_by=run.requested_by,
            requested_at=run.requested_at,
            target_version=run.target_version,
            version=run.version,
            worker=run.worker,
            attempt=run.attempt,
            claimed_at=run.claimed_at,
            ended_at=run.ended_at,
            results=[CheckRunResult.from_domain(result) for result in run.results],
            note=run.note,
        )


class CheckRunPage(ResponseModel):
    """A page of check runs, newest first."""

    items: list[CheckRun]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
