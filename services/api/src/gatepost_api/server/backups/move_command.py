"""The `migrate --to` command, which moves everything to another kind of database."""

from __future__ import annotations

import sys
from pathlib import Path
from time import monotonic
from typing import Final

from gatepost_api.server.address_file import find_running_server
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import StorageLocation
from gatepost_persistence.backup.move import (
    MoveFailed,
    MoveRefused,
    MoveResult,
    move_to_file,
    move_to_postgres,
)
from gatepost_persistence.backup.sqlite_copy import FileInUse
from gatepost_persistence.postgres.engine import (
    DatabaseUrl,
    InvalidDatabaseUrl,
    parse_url,
    redacted_url,
)
from gatepost_persistence.storage import EmptyStorage, UnusableStorage, translate_storage_errors

_SQLITE_URL: Final = "sqlite:///"


def move(location: StorageLocation, to: str) -> int:
    """Move everything to the target, print one line about it, and return the exit code."""
    if (url := find_running_server(location.data)) is not None:
        raise BadSettings(f"a server is running at {url} on {location.data}; stop it first.")
    began = monotonic()
    try:
        moved = _move(location, to)
    except (FileInUse, MoveFailed, MoveRefused) as error:
        sys.stderr.write(f"gatepost-server: nothing was moved: {error}.\n")
        return 1
    except EmptyStorage:
        sys.stderr.write(f"No database found at {location.database_file}.\n")
        return 2
    except (OSError, UnusableStorage) as error:
        raise BadSettings(f"nothing was moved: {error}") from error
    done = f"Moved {moved.rows} rows" if moved.rows else "Already moved"
    sys.stdout.write(
        f"{done}: {moved.head.size} events with root {moved.head.root.hex()}, verified in the "
        f"target, in {monotonic() - began:.1f} s.\n"
    )
    return 0


def _move(location: StorageLocation, to: str) -> MoveResult:
    if location.database_url is None:
        if not location.database_file.exists():
            raise EmptyStorage
        if _names_sqlite_file(to):
            raise BadSettings("--to names a file; to copy a SQLite file, use backup and restore.")
        url = _parse(to, "--to")
        with translate_storage_errors(redacted_url(url)):
            return move_to_postgres(location.database_file, url)
    if not _names_sqlite_file(to):
        raise BadSettings("--to names a PostgreSQL database; to copy one, use pg_dump.")
    source = _parse(location.database_url, "GATEPOST_DATABASE_URL")
    with translate_storage_errors(redacted_url(source)):
        return move_to_file(source, Path(to.removeprefix(_SQLITE_URL)))


def _names_sqlite_file(to: str) -> bool:
    return to.startswith(_SQLITE_URL) or "://" not in to


def _parse(text: str, setting: str) -> DatabaseUrl:
    try:
        return parse_url(text)
    except InvalidDatabaseUrl as error:
        raise BadSettings(f"{setting}: {error}.") from error
