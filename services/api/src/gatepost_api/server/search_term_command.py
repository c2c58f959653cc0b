"""The `rebuild-search-terms` command, which works whether or not the server is running."""

from __future__ import annotations

import sys

from gatepost_api.server.missing_database import require_no_lost_database
from gatepost_api.server.storage import storage_for
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import StorageLocation
from gatepost_persistence.storage import EmptyStorage, UnusableStorage


def rebuild_search_terms(location: StorageLocation) -> int:
    """Compute the search terms again, print how many were wrong, and return the exit code."""
    require_no_lost_database(location)
    storage = storage_for(location)
    try:
        rebuilt = storage.rebuild_search_terms()
    except EmptyStorage:
        sys.stderr.write(f"No database found at {storage}.\n")
        return 2
    except UnusableStorage as error:
        raise BadSettings(str(error)) from error
    if rebuilt.added or rebuilt.removed:
        sys.stdout.write(
            f"Search terms: {rebuilt.added} missing ones added, {rebuilt.removed} wrong ones "
            "removed.\n"
        )
    else:
        sys.stdout.write("The search terms were already right.\n")
    return 0
