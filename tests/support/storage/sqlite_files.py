"""Verification of a SQLite file, as an auditor would do it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gatepost_domain.event import LedgerEntry
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.events import entry_from_row
from gatepost_persistence.migrations.runner import current_revision
from gatepost_persistence.reads.deployments import EVENTS_AFTER
from gatepost_persistence.sqlite.engine import open_read_connection
from gatepost_persistence.verification.database import verify_database
from gatepost_persistence.verification.event_log import EventLogVerifier


def read_events_of_file(path: Path) -> list[LedgerEntry]:
    """Return all events of a file, oldest first."""
    with open_read_connection(path) as connection:
        rows = EVENTS_AFTER.all(connection, {"after": 0, "row_limit": 1_000_000})
        return list(map(entry_from_row, rows))


def find_log_faults(path: Path) -> list[Fault]:
    """Return the faults of the events of a file. Refuse a file that a newer release wrote."""
    with open_read_connection(path) as connection:
        current_revision(connection)
        log = EventLogVerifier(connection)
        for _ in log.read():
            pass
        return log.faults


def find_faults_in_file(path: Path, checkpoints: Sequence[Checkpoint] = ()) -> list[Fault]:
    """Return all faults of a file. Refuse a file that a newer release wrote."""
    with open_read_connection(path) as connection:
        current_revision(connection)
        return list(verify_database(connection, checkpoints).faults)
