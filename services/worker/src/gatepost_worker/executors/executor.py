"""What every executor is."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from gatepost_worker.tasks import Outcome, Task
from gatepost_worker.tasks.progress import Progress


class CrashPolicy(StrEnum):
    """What becomes of a rollout whose worker was lost while it was under way."""

    RERUN = "rerun"
    """It is done again; nothing of it can have been left half done."""
    ADOPT = "adopt"
    """It is asked for again; whoever does it recognises it, and goes on."""
    FAIL = "fail"
    """It is not repeated blindly: it fails, and a person looks at what it left."""


class OutcomeUnknown(Exception):
    """The rollout was not begun, or its end is unknown; the message says why, for people."""


class Executor(Protocol):
    """Carries one rollout out.

    It is cancelled when the deadline has passed, or when the claim is another worker's by now; it
    then leaves nothing of its own running on this machine.
    """

    @property
    def crash_policy(self) -> CrashPolicy:
        """What an attempt after the first does."""
        ...

    async def roll_out(self, task: Task, progress: Progress) -> Outcome:
        """Carry it out to its end, telling meanwhile; a step of the executor is under way.

        Raises:
            OutcomeUnknown: it was not begun, or it could not be found out how it ended.
        """
        ...
