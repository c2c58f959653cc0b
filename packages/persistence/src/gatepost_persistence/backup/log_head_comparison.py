"""Comparison of two databases by the heads of their event logs."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from gatepost_domain.ports.event_log import LogHead
from gatepost_persistence.reads.connection import snapshot
from gatepost_persistence.tables.events import EventRow
from gatepost_persistence.writes.event_tree import root_at

_events = EventRow.table()


class LogComparison:
    """The head of an event log, and whether the log begins with all events of another log."""

    def __init__(self, head: LogHead, *, shares_beginning: bool) -> None:
        self.head = head
        """The head of this log."""
        self.shares_beginning = shares_beginning
        """False if this log is at least as long as the other but does not begin with it."""


def read_head(connection: Connection) -> LogHead:
    """Return the number of events and the root hash of their tree."""
    size: int = connection.execute(select(func.coalesce(func.max(_events.c.seq), 0))).scalar_one()
    return LogHead(size, root_at(connection, size))


def read_head_in_snapshot(connection: Connection) -> LogHead:
    """Return the head of the event log, read from one snapshot."""
    with snapshot(connection):
        return read_head(connection)


def compare_log(connection: Connection, other: LogHead) -> LogComparison:
    """Compare the event log with the head of another log.

    If this log is the shorter one, it cannot be compared here; the caller must compare the other
    log with the returned head.
    """
    with snapshot(connection):
        head = read_head(connection)
        is_longer = head.size >= other.size
        shares = not is_longer or root_at(connection, other.size) == other.root
        return LogComparison(head, shares_beginning=shares)
