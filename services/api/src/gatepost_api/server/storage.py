"""Selecting and opening the configured database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from gatepost_api.server.missing_database import require_no_lost_database
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import StorageLocation
from gatepost_domain.storage_errors import CommitOutcomeUnknown
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.postgres.engine import InvalidDatabaseUrl
from gatepost_persistence.storage import Storage, UnusableStorage, select_storage


def storage_for(location: StorageLocation) -> Storage:
    """Return the storage at the location.

    Raises:
        BadSettings: the database URL is invalid.
    """
    try:
        return select_storage(location.database_file, location.database_url)
    except InvalidDatabaseUrl as error:
        raise BadSettings(f"GATEPOST_DATABASE_URL: {error}.") from error


@asynccontextmanager
async def open_ledger(
    location: StorageLocation,
    *,
    on_failure: Callable[[CommitOutcomeUnknown], None] = lambda _: None,
) -> AsyncGenerator[SqlLedger]:
    """Open the ledger, and close it when the context exits.

    Raises:
        BadSettings: the ledger cannot be opened, or its database file is missing.
    """
    require_no_lost_database(location)
    storage = storage_for(location)
    try:
        location.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        ledger = await storage.open(on_failure=on_failure)
    except (OSError, UnusableStorage) as error:
        raise BadSettings(str(error)) from error
    try:
        yield ledger
    finally:
        await ledger.close()
