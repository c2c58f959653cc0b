"""The executor: what rolls a version out to a target."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from gatepost_worker.tasks import Outcome, Progress, Task


class CrashPolicy(StrEnum):
    """What the next attempt does if a worker was lost during a rollout."""

    RERUN = "rerun"
    """It runs the rollout again, because repeating it is harmless."""
    ADOPT = "adopt"
    """It requests the rollout again; the other system recognizes it and continues."""
    FAIL = "fail"
    """It fails the deployment, so that a person can check what the lost rollout changed."""


class OutcomeUnknown(Exception):
    """The rollout was not started or its outcome is unknown; the message says why, for people."""


class Executor(Protocol):
    """Performs one rollout.

    It is cancelled when the deadline passes or the claim is lost, and then leaves no process of
    its own running on this machine.
    """

    @property
    def crash_policy(self) -> CrashPolicy:
        """What attempts after the first one do."""
        ...

    async def roll_out(self, task: Task, progress: Progress) -> Outcome:
        """Perform the rollout and report progress; the executor's step is running.

        Raises:
            OutcomeUnknown: it was not started, or its outcome could not be determined.
        """
        ...
