"""Building the events about check runs."""

from __future__ import annotations

from gatepost_domain.access.command import Command
from gatepost_domain.check_runs.check_run import CheckRun
from gatepost_domain.event import Event, EventKind


def check_run_event(
    kind: EventKind, command: Command, run: CheckRun, /, *, actor: str | None = None, **data: object
) -> Event:
    """Create an event about a check run, with further data."""
    return Event(
        kind=kind,
        actor=actor or command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=run.note,
        data={
            "check_run": str(run.id),
            "service": run.service,
            "environment": run.environment,
            "target_version": run.target_version,
            **data,
        },
    )
