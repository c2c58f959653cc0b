"""The workers that are waiting for a task, each under a unique name."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from gatepost_domain.deployments.errors.claims import WorkerNameTaken
from gatepost_domain.deployments.worker import Worker

EARLIER_REQUESTS: Final = timedelta(seconds=1)
"""The time after the start of a request in which another process may still store that the worker
was seen, because that process is ending an earlier request of the same worker."""


class WaitingName:
    """A name under which a request is waiting, and when its worker was last recorded as seen.

    The request that waits under a name regularly stores that the worker was seen. If a request in
    another process does so too, two workers are using the name.
    """

    def __init__(self, name: str, started_at: datetime) -> None:
        self._name = name
        self._started_at = started_at
        self._last_seen_at: datetime | None = None
        self._is_stored_here = False

    def must_store_last_seen(self, known: Worker | None, at: datetime) -> bool:
        """Return whether this request must now store that the worker was seen.

        Raises:
            WorkerNameTaken: a request in another process is waiting under the same name.
        """
        if known is None:
            return True
        has_changed = self._last_seen_at not in {None, known.last_seen_at}
        if has_changed and known.last_seen_at > self._started_at + EARLIER_REQUESTS:
            raise WorkerNameTaken(self._name)
        self._last_seen_at = known.last_seen_at
        return (
            known.is_last_seen_due(at) if self._is_stored_here else known.is_last_seen_overdue(at)
        )

    def mark_last_seen_stored(self, at: datetime) -> None:
        """Remember that this request has stored that the worker was seen."""
        self._last_seen_at = at
        self._is_stored_here = True


class WaitingWorkers:
    """The names of the workers whose task requests are open in this process."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    @contextmanager
    def reserve_name(self, name: str) -> Generator[None]:
        """Reserve a name during the block.

        Raises:
            WorkerNameTaken: another request, and so another worker, is waiting under this name.
        """
        if name in self._names:
            raise WorkerNameTaken(name)
        self._names.add(name)
        try:
            yield
        finally:
            self._names.discard(name)
