"""The simulated executor: which rollouts fail."""

from __future__ import annotations

import hashlib

import pytest

from gatepost_worker.executors.simulated import SimulatedExecutor, SimulatedSettings
from gatepost_worker.tasks import Result
from tests.support.worker import QuickClock, StepLog, a_task, telling


async def fails(settings: SimulatedSettings, number: int) -> bool:
    clock = QuickClock()
    executor = SimulatedExecutor(settings, clock)
    outcome = await executor.roll_out(a_task(number=f"DEP-{number}"), telling(StepLog(), clock))
    return outcome.result is Result.FAILED


async def test_the_same_ones_fail_each_time() -> None:
    """By the seed and the deployment's number: a failure can be played again."""
    settings = SimulatedSettings(duration_s=0, succeeds=True, failure_percent=30, seed=7)

    failed = [number for number in range(200) if await fails(settings, number)]

    assert failed == [
        number
        for number in range(200)
        if int(hashlib.sha256(f"7:DEP-{number}".encode()).hexdigest(), 16) % 100 < 30
    ]
    assert 40 <= len(failed) <= 80


@pytest.mark.parametrize(("percent", "all_fail"), [(0, False), (100, True)])
async def test_none_or_all_fail_where_that_is_set(percent: int, *, all_fail: bool) -> None:
    """Whatever the seed."""
    settings = SimulatedSettings(duration_s=0, succeeds=True, failure_percent=percent)

    assert {await fails(settings, number) for number in range(20)} == {all_fail}
