"""The state of a rollback: of the deployment that restores an earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost_domain.event import Event, EventKind
from gatepost_domain.status_transitions import WAITING_STATUSES, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackState:
    """The state of the deployment that replaces a rolled-back one.

    Until the replacement goes live, the rolled-back deployment stays live.
    """

    number: int
    version: str
    status: Status
    deployed_at: datetime | None
    """When it went live; None if it has not."""

    @property
    def is_waiting(self) -> bool:
        """Whether the replacement has been requested but has not started yet."""
        return self.status in WAITING_STATUSES


def requests_rollback(event: Event) -> bool:
    """Return whether an event requested another deployment that restores the earlier version."""
    return event.kind is EventKind.ROLLED_BACK and bool(event.data.get("rolled_back_by"))
