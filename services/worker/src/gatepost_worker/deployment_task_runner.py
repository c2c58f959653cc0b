"""The deployment task runner: runs the executor, waits for readiness, and runs the checks."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from gatepost_worker.checks.readiness import wait_until_ready
from gatepost_worker.checks.runner import run_checks
from gatepost_worker.dependencies import Dependencies
from gatepost_worker.executors.executor import Executor, LostWorkerPolicy, RolloutInconclusive
from gatepost_worker.http.client import HttpClient
from gatepost_worker.tasks import (
    DeploymentTask,
    Outcome,
    Progress,
    Result,
    StepKind,
    StepReporter,
    StepState,
    failed,
    succeeded,
)

_log = logging.getLogger("gatepost.worker")

NOT_RERUN: Final = (
    "The worker that ran this rollout was lost, and it is unknown how far the rollout got. It is "
    "not run again automatically: check what it changed, then deploy again."
)


async def run_task(
    task: DeploymentTask, report_step: StepReporter, *, dependencies: Dependencies
) -> Outcome:
    """Carry out the task and return its outcome; the task fails when its deadline passes.

    A cancelled task leaves no process running on this machine and reports nothing more.
    """
    progress = Progress(report_step, dependencies.clock)
    left_s = task.time_left.total_seconds()
    try:
        async with asyncio.timeout(left_s):
            return await _run_safely(task, dependencies, progress)
    except TimeoutError:
        reason = f"The deadline has passed: the rollout had not finished after {left_s:g} s."
        progress.finish(StepState.FAILED, reason)
        return failed(reason)


async def _run_safely(
    task: DeploymentTask, dependencies: Dependencies, progress: Progress
) -> Outcome:
    """Return an outcome even after an unexpected error; otherwise, the task is claimed again."""
    try:
        return await _run(task, dependencies, progress)
    except Exception as error:  # noqa: BLE001  # any bug
        _log.exception("%s failed because of an internal error.", task.deployment.number)
        reason = f"Internal error in the worker ({type(error).__name__}); see the worker's log."
        progress.finish(StepState.ERRORED, reason)
        return failed(reason)


async def _run(task: DeploymentTask, dependencies: Dependencies, progress: Progress) -> Outcome:
    http, target = dependencies.create_http_client(task), task.target
    rollout = succeeded()
    if not task.rolled_out:
        rollout = await _run_executor(task, dependencies.create_executor(task, http), progress)
    if rollout.result is Result.FAILED or target.base_url is None:
        return rollout
    verification = await _verify(task, target.base_url, http, dependencies, progress)
    return rollout if verification.result is Result.SUCCEEDED else verification


async def _run_executor(task: DeploymentTask, executor: Executor, progress: Progress) -> Outcome:
    progress.start(StepKind.EXECUTOR, task.target.executor.kind)
    if task.deployment.attempt > 1 and executor.lost_worker_policy is LostWorkerPolicy.FAIL:
        progress.finish(StepState.ERRORED, NOT_RERUN)
        return failed(NOT_RERUN)
    try:
        outcome = await executor.roll_out(task, progress)
    except RolloutInconclusive as error:
        progress.finish(StepState.ERRORED, f"{error}")
        return failed(f"{error}")
    passed = outcome.result is Result.SUCCEEDED
    progress.finish(StepState.PASSED if passed else StepState.FAILED, outcome.note)
    return outcome


async def _verify(
    task: DeploymentTask,
    base_url: str,
    http: HttpClient,
    dependencies: Dependencies,
    progress: Progress,
) -> Outcome:
    clock = dependencies.clock
    if (ready := task.target.ready) is not None:
        outcome = await wait_until_ready(ready, base_url, http=http, clock=clock, progress=progress)
        if outcome.result is Result.FAILED:
            return outcome
    return await run_checks(task.target.checks, base_url, http=http, clock=clock, progress=progress)
