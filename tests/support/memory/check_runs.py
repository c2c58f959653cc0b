"""Check runs in memory."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gatepost_domain.check_runs.check_run import CheckRun, CheckRunState
from gatepost_domain.errors import NotFound
from gatepost_domain.event import Event
from gatepost_domain.ports.paging import Page, PageRequest
from tests.support.memory.paging import build_page
from tests.support.memory.state import MemoryState


class MemoryCheckRuns:
    """Check runs in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def get(self, run: UUID) -> CheckRun:
        """Return a check run.

        Raises:
            NotFound: no check run has this id.
        """
        if run not in self._state.check_runs:
            raise NotFound("check_run", str(run))
        return self._state.check_runs[run]

    def find_open(self, service: str, environment: str) -> CheckRun | None:
        """Return a target's check run that has not ended, or None."""
        of_target = (
            run for run in self._open() if (run.service, run.environment) == (service, environment)
        )
        return next(of_target, None)

    def list_claimable(self, at: datetime) -> tuple[CheckRun, ...]:
        """Return the runs that are queued or whose lease has expired, earliest requested first.

        Runs past their deadline are left out.
        """
        return tuple(
            run
            for run in self._open()
            if run.deadline_at > at
            and (
                run.state is CheckRunState.QUEUED
                or (run.leased_until is not None and run.leased_until <= at)
            )
        )

    def list_past_deadline(self, at: datetime) -> tuple[CheckRun, ...]:
        """Return the runs that have not ended and are past their deadline."""
        return tuple(run for run in self._open() if run.deadline_at <= at)

    def add(self, run: CheckRun, event: Event) -> None:
        """Store a new check run."""
        self.save(run, event)

    def save(self, run: CheckRun, event: Event) -> None:
        """Store a check run after it was claimed or ended."""
        self._state.check_runs[run.id] = run
        self._state.append(event)

    def save_lease(self, run: CheckRun) -> None:
        """Store the lease of a check run; this is not recorded as an event."""
        self._state.check_runs[run.id] = run

    def _open(self) -> tuple[CheckRun, ...]:
        return tuple(run for run in self._state.check_runs.values() if run.is_open)


class MemoryCheckRunReads:
    """Reads of check runs in memory."""

    _state: MemoryState

    async def check_run(self, run: UUID) -> CheckRun:
        """Return a check run.

        Raises:
            NotFound: no check run has this id.
        """
        return MemoryCheckRuns(self._state).get(run)

    async def check_runs(
        self, service: str, environment: str, page_request: PageRequest
    ) -> Page[CheckRun]:
        """Return a target's check runs, newest first; the page key is the id."""
        runs = [
            run
            for run in self._state.check_runs.values()
            if (run.service, run.environment) == (service, environment)
        ][::-1]
        ids = [str(run.id) for run in runs]
        begin = 0 if page_request.after is None else ids.index(page_request.after) + 1
        return build_page(
            runs[begin:], PageRequest(limit=page_request.limit), key=lambda run: str(run.id)
        )
