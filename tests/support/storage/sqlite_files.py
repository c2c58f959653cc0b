"""Reading of events and differences from a SQLite file, as an auditor would do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gatepost_domain.audit.replay import Difference
from gatepost_domain.event import LedgerEntry
from gatepost_persistence.migrations.runner import current_revision
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.verification import find_differences_from_events, iter_entries


def read_events_of_file(path: Path) -> Iterator[LedgerEntry]:
    """Yield all events of a file, oldest first. Refuse a file that a newer release wrote."""
    with open_read_connection(path) as connection:
        current_revision(connection)
        yield from iter_entries(connection)


def find_differences_in_file(path: Path) -> Iterator[Difference]:
    """Yield what `find_differences_from_events` finds in a file."""
    with open_read_connection(path) as connection:
        current_revision(connection)
        yield from find_differences_from_events(connection)
