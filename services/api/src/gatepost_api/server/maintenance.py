"""Looking after a storage while no server needs to run."""

from __future__ import annotations

import sys

from gatepost_api.server.storage import storage_for
from gatepost_api.settings.server import BadSettings, StorageLocation
from gatepost_persistence.storage import EmptyStorage, UnusableStorage
from gatepost_persistence.verification import verify_database


def migrate(location: StorageLocation) -> int:
    """Bring the database up to date; the answer is the exit code."""
    storage = storage_for(location)
    try:
        storage.migrate()
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    sys.stdout.write(f"{storage} is up to date.\n")
    return 0


def verify(location: StorageLocation) -> int:
    """Recompute the chain of all events, and what stands by them; the answer is the exit code."""
    storage = storage_for(location)
    try:
        verdict = storage.query(verify_database)
    except EmptyStorage:
        sys.stderr.write(f"There is no database at {storage}.\n")
        return 2
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    if verdict.chain_break is not None:
        sys.stderr.write(f"Event {verdict.chain_break.seq}: {verdict.chain_break.reason}.\n")
        return 1
    for difference in verdict.differences:
        sys.stderr.write(f"{difference.where}: {difference.reason}\n")
    if verdict.differences:
        return 1
    sys.stdout.write(
        f"{verdict.events} events, unbroken; the current state is what they come to.\n"
    )
    return 0
