"""Carrying one task out: the executor, then readiness, then the checks."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from gatepost_worker.checks.readiness import wait_until_ready
from gatepost_worker.checks.runner import make_checks
from gatepost_worker.dependencies import Dependencies
from gatepost_worker.executors.executor import CrashPolicy, Executor, OutcomeUnknown
from gatepost_worker.http.client import Ask
from gatepost_worker.tasks import (
    Outcome,
    Result,
    StepKind,
    StepState,
    Task,
    failed,
    succeeded,
)
from gatepost_worker.tasks.progress import Progress, StepReporter

_log = logging.getLogger("gatepost.worker")

NOT_REPEATED: Final = (
    "The worker that ran this was lost on the way, and nobody knows how far it came. It is not run "
    "again blindly: see what it left, then deploy again."
)


async def carry_out(task: Task, means: Dependencies, report: StepReporter) -> Outcome:
    """Carry it out to its end, or to the deadline, whichever is first.

    Being cancelled leaves nothing running here, and no outcome.
    """
    progress = Progress(report, means.clock)
    left_s = task.time_left.total_seconds()
    try:
        async with asyncio.timeout(left_s):
            return await _soundly(task, means, progress)
    except TimeoutError:
        why = f"The deadline has passed: it had not ended after {left_s:g} s."
        progress.end(StepState.FAILED, why)
        return failed(why)


async def _soundly(task: Task, means: Dependencies, progress: Progress) -> Outcome:
    """Its outcome, also where that is a mistake in this program: unended, it would come again."""
    try:
        return await _parts(task, means, progress)
    except Exception as error:  # noqa: BLE001  # whatever it is
        _log.exception("%s met a mistake of the worker's own.", task.deployment.number)
        why = f"The worker met a mistake of its own, {type(error).__name__}; its log has more."
        progress.end(StepState.ERRORED, why)
        return failed(why)


async def _parts(task: Task, means: Dependencies, progress: Progress) -> Outcome:
    """Each part in its turn, as long as they succeed."""
    guard, target = means.guard(task), task.target
    outcome = succeeded()
    if not task.rolled_out:
        outcome = await _roll_out(task, means.executor(task, guard), progress)
    if outcome.result is Result.FAILED or target.base_url is None:
        return outcome
    verdict = await _look(task, target.base_url, guard.ask, means, progress)
    return outcome if verdict.result is Result.SUCCEEDED else verdict


async def _roll_out(task: Task, executor: Executor, progress: Progress) -> Outcome:
    progress.begin(StepKind.EXECUTOR, task.target.executor.kind)
    if task.deployment.attempt > 1 and executor.crash_policy is CrashPolicy.FAIL:
        progress.end(StepState.ERRORED, NOT_REPEATED)
        return failed(NOT_REPEATED)
    try:
        outcome = await executor.roll_out(task, progress)
    except OutcomeUnknown as error:
        progress.end(StepState.ERRORED, f"{error}")
        return failed(f"{error}")
    worked = outcome.result is Result.SUCCEEDED
    progress.end(StepState.PASSED if worked else StepState.FAILED, outcome.note)
    return outcome


async def _look(
    task: Task, base_url: str, ask: Ask, means: Dependencies, progress: Progress
) -> Outcome:
    """See that what was rolled out works."""
    if (ready := task.target.ready) is not None:
        outcome = await wait_until_ready(
            ready, base_url, ask=ask, clock=means.clock, progress=progress
        )
        if outcome.result is Result.FAILED:
            return outcome
    return await make_checks(
        task.target.checks, base_url, ask=ask, clock=means.clock, progress=progress
    )
