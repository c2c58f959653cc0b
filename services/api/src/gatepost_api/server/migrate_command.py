"""The `migrate` command, which needs no running server."""

from __future__ import annotations

import sys

from gatepost_api.server.missing_database import require_no_lost_database
from gatepost_api.server.storage import storage_for
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import StorageLocation
from gatepost_persistence.storage import UnusableStorage


def migrate(location: StorageLocation) -> int:
    """Migrate the database to the current schema and return the exit code."""
    require_no_lost_database(location)
    storage = storage_for(location)
    try:
        storage.migrate()
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    sys.stdout.write(f"{storage} is up to date.\n")
    return 0
