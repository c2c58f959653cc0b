"""Maintenance commands that need no running server."""

from __future__ import annotations

import sys

from gatepost_api.server.storage import storage_for
from gatepost_api.settings.server import BadSettings, StorageLocation
from gatepost_persistence.storage import EmptyStorage, UnusableStorage
from gatepost_persistence.verification.database import verify_database


def migrate(location: StorageLocation) -> int:
    """Migrate the database to the current schema and return the exit code."""
    storage = storage_for(location)
    try:
        storage.migrate()
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    sys.stdout.write(f"{storage} is up to date.\n")
    return 0


def verify(location: StorageLocation) -> int:
    """Verify the event chain and the data derived from it, and return the exit code."""
    storage = storage_for(location)
    try:
        result = storage.query(verify_database)
    except EmptyStorage:
        sys.stderr.write(f"No database found at {storage}.\n")
        return 2
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    for fault in result.faults:
        place = fault.table if fault.field is None else f"{fault.table}.{fault.field}"
        sys.stderr.write(f"{fault.subject} ({place}): {fault.detail}\n")
    if result.faults:
        return 1
    sys.stdout.write(
        f"Verified {result.events} events: the chain is unbroken and the stored data matches it.\n"
    )
    return 0
