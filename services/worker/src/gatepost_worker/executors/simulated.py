"""The executor that rolls nothing out: to try Gatepost, and what it does when something fails."""

from __future__ import annotations

import hashlib

from gatepost_worker.executors.executor import Takeover
from gatepost_worker.foundation.clock import Clock
from gatepost_worker.tasks import Outcome, Simulated, Task, failed, succeeded
from gatepost_worker.tasks.progress import Progress


class SimulatedExecutor:
    """Lets time pass, and ends as it was set."""

    takeover = Takeover.RERUN

    def __init__(self, settings: Simulated, clock: Clock) -> None:
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
