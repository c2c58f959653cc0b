"""Detection of a missing database file, which prevents starting with an empty one by mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gatepost_api.server.checkpoint_writer import CHECKPOINT_FOLDER
from gatepost_api.server.token_files import OWNER_TOKEN_FILE
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import DATABASE_FILE, StorageLocation
from gatepost_api.signing.key_file import KEY_FILE

TRACES: Final = (
    f"{DATABASE_FILE}-*",
    f"{DATABASE_FILE}.*",
    f"{CHECKPOINT_FOLDER}/*.txt",
    KEY_FILE,
    OWNER_TOKEN_FILE,
)
"""Patterns for files that exist only if the data folder has had a database."""

NEW_DATABASE_FLAG: Final = "--new-database"


def require_no_lost_database(location: StorageLocation) -> None:
    """Check that the database file exists if the data folder has had one.

    Raises:
        BadSettings: the file is missing; the message names the evidence and the remedies.
    """
    if location.database_url is not None or location.database_file.exists():
        return
    if not (traces := _find_traces(location.data)):
        return
    raise BadSettings(
        f"{location.data} has no {DATABASE_FILE}, but a server has used it before "
        f"({', '.join(traces)}). Put the file back, or restore a backup (gatepost-server restore). "
        f"If the database is on PostgreSQL, set GATEPOST_DATABASE_URL. To begin with an empty "
        f"database, use another data folder, or start the server once with {NEW_DATABASE_FLAG}."
    )


def _find_traces(data: Path) -> list[str]:
    """Return the names of files and folders that show that there was a database."""
    found = [path for pattern in TRACES for path in data.glob(pattern) if path.is_file()]
    return sorted({path.relative_to(data).parts[0] for path in found})
