"""Events in responses."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.status import Status


class Event(ResponseModel):
    """A fact: somebody did something. It is never changed and never removed."""

    seq: int
    """Counts all events from 1, without a gap."""
    deployment_id: UUID | None
    kind: EventKind
    actor: str
    """Who did it: a person's name, or `system`."""
    on_behalf_of: str | None
    at: Instant
    from_status: Status | None
    to_status: Status | None
    stage: str | None
    note: str | None
    data: dict[str, Any]
    """What else an auditor needs, by kind of event."""
    prev_hash: str
    """The hash of the event before it; sixty-four zeros for the first."""
    deployment_prev_hash: str | None
    """The hash of the same deployment's event before it."""
    hash: str
    """SHA-256 of this event without its hash, as JSON with sorted keys and no white space, where
    times are UTC with six decimals."""

    @classmethod
    def from_domain(cls, entry: LedgerEntry) -> Self:
        """As the domain has it."""
        event = entry.event
        return cls(
            seq=entry.seq,
            deployment_id=event.deployment_id,
            kind=event.kind,
            actor=event.actor,
            on_behalf_of=event.on_behalf_of,
            at=event.at,
            from_status=event.from_status,
            to_status=event.to_status,
            stage=event.stage,
            note=event.note,
            data=dict(event.data),
            prev_hash=entry.prev_hash,
            deployment_prev_hash=entry.deployment_prev_hash,
            hash=entry.hash,
        )


class EventPage(ResponseModel):
    """Part of the history, oldest first."""

    items: list[Event]
    next_cursor: str | None
