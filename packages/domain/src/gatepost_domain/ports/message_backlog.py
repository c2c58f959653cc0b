"""The backlog of unsent messages to webhooks and to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBacklog:
    """The backlog of unsent messages, either to webhooks or through notification channels."""

    pending: int
    """The number of pending messages, up to a limit, including reminders that are not due yet."""
    failed: int
    """The number of failed messages, up to a limit."""
    oldest_due_at: datetime | None
    """When the earliest pending message became or becomes due; None if none is pending."""
    lowest_position: int | None
    """The lowest log position of an enabled webhook or channel; None if none is enabled."""

    def delay(self, at: datetime) -> timedelta:
        """Return how long the most overdue message has been due; zero if none is due."""
        due_at = self.oldest_due_at
        return timedelta() if due_at is None else max(at - due_at, timedelta())

    def unqueued_events(self, last_seq: int) -> int:
        """Return the number of events for which no messages have been queued yet."""
        return 0 if self.lowest_position is None else last_seq - self.lowest_position


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBacklogs:
    """The backlogs of unsent messages, as of one point in time."""

    last_seq: int
    deliveries: MessageBacklog
    """The deliveries to webhooks."""
    notifications: MessageBacklog
