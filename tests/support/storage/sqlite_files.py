"""Reading and verifying a SQLite file, as an auditor would do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from gatepost_domain.event import LedgerEntry
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.migrations.runner import current_revision
from gatepost_persistence.reads.deployments import EVENTS_AFTER
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.verification.database import verify_database


def read_events_of_file(path: Path) -> Iterator[LedgerEntry]:
    """Yield all events of a file, oldest first. Refuse a file that a newer release wrote."""
    with closing(open_read_connection(path)) as connection:
        current_revision(connection)
        rows = EVENTS_AFTER.all(connection, {"after": 0, "row_limit": -1})
        yield from map(entry_from_row, rows)


def find_faults_in_file(path: Path) -> tuple[Fault, ...]:
    """Return the faults that verification finds. Refuse a file that a newer release wrote."""
    with closing(open_read_connection(path)) as connection:
        current_revision(connection)
        return verify_database(connection).faults
