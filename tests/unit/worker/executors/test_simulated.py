"""The simulated executor and the deployments for which it fails."""

from __future__ import annotations

import hashlib

import pytest

from gatepost_worker.executors.simulated import SimulatedExecutor, SimulatedSettings
from gatepost_worker.tasks import Result
from tests.support.worker import InstantClock, StepLog, a_task, progress_to


async def fails(settings: SimulatedSettings, number: int) -> bool:
    clock = InstantClock()
    executor = SimulatedExecutor(settings, clock)
    outcome = await executor.roll_out(a_task(number=f"DEP-{number}"), progress_to(StepLog(), clock))
    return outcome.result is Result.FAILED


async def test_the_same_deployments_fail_every_time() -> None:
    """The seed and the deployment number determine the result, so a failure can be reproduced."""
    settings = SimulatedSettings(duration_s=0, succeeds=True, failure_percent=30, seed=7)

    failed = [number for number in range(200) if await fails(settings, number)]

    assert failed == [
        number
        for number in range(200)
        if int(hashlib.sha256(f"7:DEP-{number}".encode()).hexdigest(), 16) % 100 < 30
    ]
    assert 40 <= len(failed) <= 80


@pytest.mark.parametrize(("percent", "all_fail"), [(0, False), (100, True)])
async def test_zero_percent_fail_none_and_100_percent_fail_all(
    percent: int, *, all_fail: bool
) -> None:
    """At 0 and 100 percent, the seed has no effect."""
    settings = SimulatedSettings(duration_s=0, succeeds=True, failure_percent=percent)

    assert {await fails(settings, number) for number in range(20)} == {all_fail}
