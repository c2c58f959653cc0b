"""How far the deployment that restores an earlier version has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.event import Event, EventKind
from gatepost_domain.status import WAITING_STATUSES, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackState:
    """The deployment that takes the place of one that was rolled back.

    Until it has gone live, the deployment that was rolled back stays live.
    """

    number: int
    version: str
    status: Status
    deployed_at: datetime | None
    """When it went live; None if it has not."""

    @property
    def is_waiting(self) -> bool:
        """Whether it has only been requested, and has not started yet."""
        return self.status in WAITING_STATUSES


def requests_rollback(event: Event) -> bool:
    """Return whether an event requested another deployment that restores the earlier version."""
    return event.kind is EventKind.ROLLED_BACK and bool(event.data.get("rolled_back_by"))
