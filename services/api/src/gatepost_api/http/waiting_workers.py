"""The workers that wait for a task at this server, each under a name of its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from gatepost_domain.deployments.errors import WorkerNameTaken


class WaitingWorkers:
    """Knows the names of the workers whose requests for a task are open."""

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
