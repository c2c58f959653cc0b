"""Running the checks of a claimed check run, and reporting their results."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeAlias

from gatepost_worker.claims.lease import keep_lease_renewed, retry_until_available
from gatepost_worker.claims.port import ClaimPort, LeaseLost
from gatepost_worker.foundation.backoff import Random
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import CheckReport, CheckTask

RunChecks: TypeAlias = Callable[[CheckTask], Awaitable[Sequence[CheckReport]]]
"""Runs the checks of a task and returns the results of those that ran."""

_log = logging.getLogger("gatepost.worker")


async def run_and_report_checks(
    task: CheckTask, run_checks: RunChecks, claims: ClaimPort, *, clock: Clock, jitter: Random
) -> None:
    """Run the checks and report their results; stop the checks if the lease is lost."""
    where = f"{task.service} in {task.environment}"
    renew = partial(claims.renew_check_run, task)
    try:
        async with asyncio.TaskGroup() as group:
            renewing = group.create_task(keep_lease_renewed(renew, lease=task.lease, clock=clock))
            reports = await run_checks(task)
            finish = partial(claims.finish_check_run, task, reports)
            await retry_until_available(finish, clock=clock, jitter=jitter)
            renewing.cancel()
        _log.info("The checks of %s ended: %s.", where, _summary(reports))
    except* LeaseLost:
        _log.warning("The checks of %s were abandoned: their lease was lost.", where)
    except* Exception:  # noqa: BLE001  # an error in one task must not end the worker
        _log.exception("The checks of %s were abandoned after an error.", where)


def _summary(reports: Sequence[CheckReport]) -> str:
    counts = Counter(report.state.value for report in reports)
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "none ran"
