"""The workers that wait for a task, each under a name of its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from gatepost_domain.deployments.errors import WorkerNameTaken
from gatepost_domain.deployments.worker import Worker

EARLIER_REQUESTS: Final = timedelta(seconds=1)
"""How long after the beginning of a request an earlier one of the same worker may still be stored,
which another process has not ended yet."""


class WaitingName:
    """A name under which one request waits, and what is stored about it by all processes.

    Only one of the requests that wait under a name stores that the worker was seen. If another one
    does so in the meantime, there are two workers.
    """

    def __init__(self, name: str, started_at: datetime) -> None:
        self._name = name
        self._started_at = started_at
        self._last_seen_at: datetime | None = None
        self._is_stored_here = False

    def is_record_due(self, known: Worker | None, at: datetime) -> bool:
        """Return whether this request has to store that the worker was seen.

        Raises:
            WorkerNameTaken: a request at another process waits under the same name.
        """
        if known is None:
            return True
        has_changed = self._last_seen_at not in {None, known.last_seen_at}
        if has_changed and known.last_seen_at > self._started_at + EARLIER_REQUESTS:
            raise WorkerNameTaken(self._name)
        self._last_seen_at = known.last_seen_at
        return known.is_due(at) if self._is_stored_here else known.is_overdue(at)

    def set_recorded(self, at: datetime) -> None:
        """Remember that this request has stored when the worker was seen."""
        self._last_seen_at = at
        self._is_stored_here = True


class WaitingWorkers:
    """Knows the names of the workers whose requests for a task are open at this process."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    @contextmanager
    def waiting(self, name: str) -> Generator[None]:
        """Reserve a name during the block.

        Raises:
            WorkerNameTaken: another request waits under this name. A worker sends one at a time.
        """
        if name in self._names:
            raise WorkerNameTaken(name)
        self._names.add(name)
        try:
            yield
        finally:
            self._names.discard(name)
