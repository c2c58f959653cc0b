"""The runner of the target's checks: HTTP requests in order, with retries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_worker.checks.expectations import find_differences
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.external_text import format_count
from gatepost_worker.http.client import HttpClient
from gatepost_worker.http.errors import HostNotFound, RequestFailed, RequestRefused
from gatepost_worker.http.urls import join_url
from gatepost_worker.tasks import (
    Check,
    Outcome,
    Progress,
    StepKind,
    StepState,
    failed,
    succeeded,
)

RETRY_DELAY_S: Final = 1.0
"""The delay between two attempts of a check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """The result of one attempt of a check."""

    state: StepState
    detail: str
    retryable: bool
    """Whether another attempt could have a different result."""


async def run_checks(
    checks: Sequence[Check], base_url: str, *, http: HttpClient, clock: Clock, progress: Progress
) -> Outcome:
    """Run the checks in order, because a later check may read what an earlier one wrote.

    The first required check that does not pass ends the run. Optional checks are only reported.
    """
    for check in checks:
        state, note = await _run_with_retries(
            check, base_url, http=http, clock=clock, progress=progress
        )
        if state is not StepState.PASSED and check.required:
            return failed(note)
    return succeeded()


async def _run_with_retries(
    check: Check, base_url: str, *, http: HttpClient, clock: Clock, progress: Progress
) -> tuple[StepState, str]:
    """Run one check with its retries; return its final state and a sentence about the result."""
    attempt = 0
    while True:
        attempt += 1
        progress.start(StepKind.CHECK, check.name, attempt=attempt)
        result = await _attempt(check, join_url(base_url, check.path), http)
        progress.finish(result.state, result.detail)
        if attempt >= check.attempts or not result.retryable:
            after = f" after {format_count(attempt, 'attempt')}" if check.attempts > 1 else ""
            return result.state, f"Check {check.name} {result.state}{after}: {result.detail}"
        await clock.sleep(RETRY_DELAY_S)


async def _attempt(check: Check, url: str, http: HttpClient) -> AttemptResult:
    body = None if check.body is None else check.body.encode()
    headers = None if body is None else {"Content-Type": "application/json"}
    try:
        response = await http.request(
            check.method, url, timeout_s=check.timeout_s, body=body, headers=headers
        )
    except (RequestRefused, HostNotFound) as error:
        retryable = isinstance(error, HostNotFound)
        return AttemptResult(state=StepState.ERRORED, detail=f"{error}", retryable=retryable)
    except RequestFailed as error:
        return AttemptResult(state=StepState.FAILED, detail=f"{error}", retryable=True)
    if predicates := "; ".join(find_differences(check, response)):
        detail = f"{check.method} {check.path} {predicates}."
        return AttemptResult(state=StepState.FAILED, detail=detail, retryable=True)
    detail = f"{check.method} {check.path} returned {response.status} in {response.took_ms} ms."
    return AttemptResult(state=StepState.PASSED, detail=detail, retryable=False)
