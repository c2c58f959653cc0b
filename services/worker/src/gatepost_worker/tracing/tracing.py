"""The interface for tracing tasks, and an implementation without export."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias

from gatepost_worker.foundation.trace import Trace, traced
from gatepost_worker.tasks import DeploymentTask, Outcome

RecordOutcome: TypeAlias = Callable[[Outcome | None], None]
"""Records the outcome of the current task; None if it was abandoned."""


class TaskTracing(Protocol):
    """Gives each task a trace."""

    def trace(self, task: DeploymentTask, /) -> AbstractContextManager[RecordOutcome]:
        """Trace the task that runs in the block."""
        ...

    def close(self) -> None:
        """Export the spans that have ended. This blocks, but only briefly."""
        ...


class LogOnlyTracing:
    """Gives each task a trace that appears only in the log."""

    @contextmanager
    def trace(self, _task: DeploymentTask, /) -> Generator[RecordOutcome]:
        """Give the task that runs in the block a trace of its own."""
        with traced(Trace()):
            yield _record_nothing

    def close(self) -> None:
        """Do nothing: nothing is exported."""


def _record_nothing(_outcome: Outcome | None) -> None:
    pass
