"""Looking after a data folder while no server needs to run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gatepost_api.settings import DATABASE_FILE, BadSettings
from gatepost_domain.event import Entry, first_break
from gatepost_persistence.migrating import UnknownRevision
from gatepost_persistence.sqlite_ledger import migrate_file, read_entries
from gatepost_persistence.verifying import verify_current


def migrate(data: Path) -> int:
    """Bring the database up to date; the answer is the exit code."""
    try:
        migrate_file(data / DATABASE_FILE)
    except (OSError, UnknownRevision) as error:
        raise BadSettings(f"cannot open {data / DATABASE_FILE}: {error}") from error
    sys.stdout.write(f"{data / DATABASE_FILE} is up to date.\n")
    return 0


def verify(data: Path) -> int:
    """Recompute the chain of all events, and what stands by them; the answer is the exit code."""
    file = data / DATABASE_FILE
    if not file.exists():
        sys.stderr.write(f"There is no database at {file}.\n")
        return 2
    count = 0

    def counted() -> Iterator[Entry]:
        nonlocal count
        for entry in read_entries(file):
            count = entry.seq
            yield entry

    try:
        broken = first_break(counted())
        if broken is not None:
            sys.stderr.write(f"Event {broken.seq}: {broken.reason}.\n")
            return 1
        wrong = list(verify_current(file))
    except UnknownRevision as error:
        raise BadSettings(f"cannot read {file}: {error}") from error
    for difference in wrong:
        sys.stderr.write(f"{difference.where}: {difference.reason}\n")
    if wrong:
        return 1
    sys.stdout.write(f"{count} events, unbroken; the current state is what they come to.\n")
    return 0
