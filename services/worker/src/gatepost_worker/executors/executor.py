"""The executor interface: rolling a version out to a target."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from gatepost_worker.tasks import DeploymentTask, Outcome, Progress


class LostWorkerPolicy(StrEnum):
    """What the next attempt does if a worker was lost during a rollout."""

    RERUN = "rerun"
    """The next attempt runs the rollout again, because repeating it is harmless."""
    ADOPT = "adopt"
    """The next attempt requests the rollout again; the other system recognizes the request and
    continues."""
    FAIL = "fail"
    """The next attempt fails the deployment, so that a person can check what the lost rollout
    changed."""


class RolloutInconclusive(Exception):
    """The rollout was not started or its outcome is unknown; the message explains why."""


class Executor(Protocol):
    """Performs one rollout.

    A rollout is cancelled when the deadline passes or the claim is lost. The executor then leaves
    no process of its own running on this machine.
    """

    @property
    def lost_worker_policy(self) -> LostWorkerPolicy:
        """What the next attempt does if a worker was lost during the rollout."""
        ...

    async def roll_out(self, task: DeploymentTask, progress: Progress) -> Outcome:
        """Perform the rollout and report progress on the executor's step, which is running.

        Raises:
            RolloutInconclusive: the rollout was not started, or its outcome is unknown.
        """
        ...
