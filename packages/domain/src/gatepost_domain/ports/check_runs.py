"""The repository of check runs, and the reads of check runs."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.check_runs.check_run import CheckRun
from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest


class CheckRunRepository(Protocol):
    """Check runs of all targets."""

    def get(self, run: UUID) -> CheckRun:
        """Return a check run; raises `NotFound` if there is none with this id."""
        ...

    def find_open(self, service: str, environment: str) -> CheckRun | None:
        """Return a target's check run that has not ended, or None."""
        ...

    def list_claimable(self, at: datetime) -> tuple[CheckRun, ...]:
        """Return the runs that are queued or whose lease has expired, earliest requested first.

        Runs past their deadline are left out.
        """
        ...

    def list_past_deadline(self, at: datetime) -> tuple[CheckRun, ...]:
        """Return the runs that have not ended and are past their deadline."""
        ...

    def add(self, run: CheckRun, event: Event) -> None:
        """Store a new check run, together with the event that records it."""
        ...

    def save(self, run: CheckRun, event: Event) -> None:
        """Store a check run after it was claimed or ended."""
        ...

    def save_lease(self, run: CheckRun) -> None:
        """Store the lease of a check run; this is not recorded as an event."""
        ...


class CheckRunReads(Protocol):
    """Reads of check runs, as of the latest durable write."""

    async def check_run(self, run: UUID) -> CheckRun:
        """Return a check run; raises `NotFound` if there is none with this id."""
        ...

    async def check_runs(
        self, service: str, environment: str, page_request: PageRequest
    ) -> Page[CheckRun]:
        """Return a target's check runs, newest first; the page key is the id."""
        ...
