"""The simulated executor: changes nothing, and ends as configured in the target's settings.

A second attempt runs the simulation again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar, Final

from gatepost_client import models
from gatepost_worker.executors.executor import Executor, LostWorkerPolicy
from gatepost_worker.executors.executor_kind import (
    ExecutorDependencies,
    ExecutorKind,
    read_no_options,
)
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import (
    DeploymentTask,
    ExecutorSettings,
    Outcome,
    Progress,
    failed,
    succeeded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSettings(ExecutorSettings):
    """The duration and outcome of a simulated rollout."""

    kind: ClassVar[str] = "simulated"
    duration_s: float
    succeeds: bool
    failure_percent: int = 0
    """The percentage of deployments that fail even though `succeeds` is set."""
    seed: int = 0
    """Determines, with the deployment's number, which deployments fail."""


class SimulatedExecutor:
    """Waits for the configured time and returns the configured outcome."""

    lost_worker_policy = LostWorkerPolicy.RERUN

    def __init__(self, settings: SimulatedSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def roll_out(self, task: DeploymentTask, progress: Progress) -> Outcome:
        """Deploy nothing; wait for the configured time, and return the configured outcome."""
        settings, deployment = self._settings, task.deployment
        progress.update(f"Simulating the rollout of {deployment.version}; nothing is deployed.")
        await self._clock.sleep(settings.duration_s)
        if not settings.succeeds:
            return failed("The target's simulated executor is set to fail.")
        if _deterministic_percent(settings.seed, deployment.number) < settings.failure_percent:
            return failed(
                f"Simulated failure: {settings.failure_percent} % of the deployments are set to "
                f"fail (seed {settings.seed})."
            )
        return succeeded(f"Simulated for {settings.duration_s:g} s.")


def _deterministic_percent(seed: int, number: str) -> int:
    """Return a number from 0 to 99 that is always the same for a deployment."""
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
