"""The executor that rolls nothing out: to try Gatepost, and what it does when something fails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar, Final

from gatepost_client import models
from gatepost_worker.executors.executor import CrashPolicy, Executor
from gatepost_worker.executors.kind import (
    ExecutorDependencies,
    ExecutorKind,
    read_no_options,
)
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import ExecutorSettings, Outcome, Task, failed, succeeded
from gatepost_worker.tasks.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSettings(ExecutorSettings):
    """Nothing is rolled out; time passes and the outcome is the one that was set."""

    kind: ClassVar[str] = "simulated"
    duration_s: float
    succeeds: bool
    failure_percent: int = 0
    """How many of a hundred fail that would succeed."""
    seed: int = 0
    """By which it is told which of them those are: the same ones each time."""


class SimulatedExecutor:
    """Lets time pass, and ends as it was set."""

    crash_policy = CrashPolicy.RERUN

    def __init__(self, settings: SimulatedSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def roll_out(self, task: Task, progress: Progress) -> Outcome:
        """As `Executor.roll_out`."""
        duration_s, deployment = self._settings.duration_s, task.deployment
        progress.tell(f"Nothing is rolled out: {deployment.version} is simulated.")
        await self._clock.sleep(duration_s)
        if not self._settings.succeeds:
            return failed("The target's simulated executor is set to fail.")
        if _throw(self._settings.seed, deployment.number) < self._settings.failure_percent:
            rate, seed = self._settings.failure_percent, self._settings.seed
            return failed(f"One of the {rate} % that are set to fail (seed {seed}).")
        return succeeded(f"Simulated for {duration_s:g} s.")


def _throw(seed: int, number: str) -> int:
    """From 0 to 99, always the same for a deployment."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest, "big") % 100


def _to_domain(model: models.SimulatedExecutor) -> SimulatedSettings:
    return SimulatedSettings(
        duration_s=model.duration_s,
        succeeds=model.outcome == models.SimulatedOutcome.SUCCEED,
        failure_percent=model.failure_percent,
        seed=model.seed,
    )


def _create(settings: SimulatedSettings, _: None, dependencies: ExecutorDependencies) -> Executor:
    return SimulatedExecutor(settings, dependencies.clock)


KIND: Final = ExecutorKind(
    settings=SimulatedSettings,
    to_domain=_to_domain,
    create=_create,
    read_options=read_no_options,
)
