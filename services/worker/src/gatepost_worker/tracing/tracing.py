"""What the worker needs of the tracing of tasks."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias

from gatepost_worker.foundation.trace import Trace, traced
from gatepost_worker.tasks import Outcome, Task

RecordOutcome: TypeAlias = Callable[[Outcome | None], None]
"""Records the outcome of the current task; None if it was abandoned."""


class TaskTracing(Protocol):
    """Gives each task a trace."""

    def trace(self, task: Task, /) -> AbstractContextManager[RecordOutcome]:
        """Trace the task that runs in the block."""
        ...

    def close(self) -> None:
        """Export what has ended, for some seconds at most. It blocks."""
        ...


class UnexportedTracing:
    """Gives each task a trace that appears only in the log."""

    @contextmanager
    def trace(self, _task: Task, /) -> Generator[RecordOutcome]:
        """Trace the task that runs in the block; see `TaskTracing`."""
        with traced(Trace()):
            yield _record_nothing

    def close(self) -> None:
        """Do nothing: nothing is exported."""


def _record_nothing(_outcome: Outcome | None) -> None:
    pass
