"""Building the events about settings changes."""

from __future__ import annotations

from gatepost_domain.access.command import Command
from gatepost_domain.event import Event, EventKind
from gatepost_domain.settings_changes.settings_change import SettingsChange


def settings_change_event(
    kind: EventKind,
    command: Command,
    change: SettingsChange,
    /,
    *,
    note: str | None,
    **data: object,
) -> Event:
    """Create an event about a settings change, with further data."""
    return Event(
        kind=kind,
        actor=command.actor.name,
        at=command.at,
        note=note,
        data={
            "settings_change": str(change.id),
            "operation": change.proposal.operation,
            "subject": change.proposal.subject,
            "requested_by": change.requested_by,
            **data,
        },
    )
