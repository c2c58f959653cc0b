"""Responses for events."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.status_transitions import Status


class Event(ResponseModel):
    """An immutable record of an action."""

    seq: int
    """The position among all events. Starts at 1 and has no gaps."""
    deployment_id: UUID | None
    """The deployment that the event is about. Null if it is about something else."""
    kind: EventKind
    actor: str
    """Who performed the action: a user's name, or `system`."""
    on_behalf_of: str | None
    """The person the actor acted for. Null if the actor did not act for someone else."""
    at: Instant
    """When the event happened."""
    from_status: Status | None
    """The deployment's status before the event. Null if the event did not change the status."""
    to_status: Status | None
    """The deployment's status after the event. Null if the event did not change the status."""
    stage: str | None
    """The approval stage that the event is about. Null if it is not about a stage."""
    note: str | None
    """The actor's note. Null if there is none."""
    data: dict[str, Any]
    """Additional data, depending on the kind of event."""
    prev_hash: str
    """The hash of the previous event. 64 zeros for the first event."""
    deployment_prev_hash: str | None
    """The hash of the deployment's previous event: 64 zeros for its first event. Null if the event
    is not about a deployment."""
    hash: str
    """The SHA-256 digest of the event as JSON, without `hash`. The JSON has sorted keys, no
    whitespace, and times in UTC with six decimal places."""

    @classmethod
    def from_domain(cls, entry: LedgerEntry) -> Self:
        """Map an entry of the event log to its response."""
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
    """A page of events, oldest first."""

    items: list[Event]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
