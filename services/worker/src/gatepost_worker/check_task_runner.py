"""The check task runner: runs the checks of a target outside of a deployment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from gatepost_worker.checks.runner import run_checks
from gatepost_worker.dependencies import Dependencies
from gatepost_worker.tasks import (
    CheckReport,
    CheckTask,
    Progress,
    StepReport,
    StepState,
)

REPORTING_TIME_S: Final = 30.0
"""How long before the deadline the checks are stopped, so that their results can be reported."""

_log = logging.getLogger("gatepost.worker")


async def run_check_task(task: CheckTask, *, dependencies: Dependencies) -> Sequence[CheckReport]:
    """Run the checks of a task, and return the results of those that ran.

    A check that is still running shortly before the deadline counts as failed.
    """
    results = _Results()
    progress = Progress(results.add, dependencies.clock)
    left_s = task.time_left.total_seconds() - REPORTING_TIME_S
    try:
        async with asyncio.timeout(left_s):
            await run_checks(
                task.checks,
                task.base_url,
                http=dependencies.create_http_client(task),
                clock=dependencies.clock,
                progress=progress,
            )
    except TimeoutError:
        reason = f"The deadline has passed: the check had not finished after {left_s:g} s."
        progress.finish(StepState.FAILED, reason)
    except Exception as error:  # noqa: BLE001  # any bug
        _log.exception("A check of %s ended with an internal error.", task.service)
        reason = f"Internal error in the worker ({type(error).__name__}); see the worker's log."
        progress.finish(StepState.ERRORED, reason)
    return results.reports


class _Results:
    """Collects the most recent result of each check."""

    def __init__(self) -> None:
        self._by_name: dict[str, CheckReport] = {}

    @property
    def reports(self) -> tuple[CheckReport, ...]:
        """The results, in the order in which the checks ran."""
        return tuple(self._by_name.values())

    def add(self, step: StepReport) -> None:
        """Add the result of a check; ignore a step that is still running."""
        if step.took_ms is not None:
            self._by_name[step.name] = CheckReport(
                name=step.name,
                state=step.state,
                attempts=step.attempt,
                detail=step.detail,
                at=step.at,
                took_ms=step.took_ms,
            )
