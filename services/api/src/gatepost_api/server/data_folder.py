"""Creating the data folder, and restricting it to the account of the server."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import DATABASE_FILE

PRIVATE_UMASK: Final = 0o077
FOLDER_MODE: Final = 0o700
_OTHERS: Final = 0o077

_OWN_FILES: Final = (
    f"{DATABASE_FILE}*",
    f".{DATABASE_FILE}*",
    "*.token*",
    "signing.*",
    "server.url*",
    "*.lock",
    "*.log*",
)
"""Patterns for Gatepost's own files in the data folder. Other files are left as they are."""
_OWN_FOLDERS: Final = ("checkpoints", "backups", "logs", "*.backup")
"""Patterns for folders in the data folder whose entire content belongs to Gatepost."""

_log = logging.getLogger("gatepost")


def restrict_new_files() -> None:
    """Make this process and its children create files and folders for this account only.

    SQLite creates the write-ahead log with the permissions of the database file.
    """
    os.umask(PRIVATE_UMASK)


def prepare_data_folder(data: Path) -> None:
    """Create the data folder, or remove other accounts' permissions on it and its files.

    Corrected permissions, and those that cannot be corrected, are logged as warnings.

    Raises:
        BadSettings: the folder cannot be created, or the path is not a folder.
    """
    try:
        data.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise BadSettings(f"the data folder {data} is not a folder.") from error
    except OSError as error:
        raise BadSettings(f"cannot create the data folder {data}: {error.strerror}.") from error
    # The folder first, so that no other account can then replace a file with a link.
    corrected = [path for path in (data, *_own_paths(data)) if _restrict(path)]
    if corrected:
        names = ", ".join(sorted(str(path) for path in corrected[:5]))
        more = f" and {len(corrected) - 5} more" if len(corrected) > 5 else ""  # noqa: PLR2004
        _log.warning(
            "other accounts on this machine could read or change %s%s; now only this account can. "
            "If other people use this machine, replace the tokens and keys in the data folder.",
            names,
            more,
        )


def _own_paths(data: Path) -> Iterator[Path]:
    try:
        for pattern in _OWN_FILES:
            yield from data.glob(pattern)
        for pattern in _OWN_FOLDERS:
            for folder in data.glob(pattern):
                yield folder
                yield from folder.rglob("*")
    except PermissionError:  # opening the storage reports it
        return


def _restrict(path: Path) -> bool:
    """Remove other accounts' permissions, and return whether there were any."""
    try:
        status = path.lstat()
    except OSError:
        return False
    if stat.S_ISLNK(status.st_mode):
        return False
    mode = stat.S_IMODE(status.st_mode)
    if not mode & _OTHERS:
        return False
    if mode & stat.S_ISVTX:  # a folder that all accounts share on purpose, such as /tmp
        _log.warning(
            "%s is shared with other accounts; give Gatepost a data folder of its own.", path
        )
        return False
    try:
        path.chmod(mode & ~_OTHERS)
    except OSError as error:
        _log.warning(
            "other accounts can read or change %s, and this account cannot correct that (%s); run "
            "chmod go-rwx on it.",
            path,
            error.strerror,
        )
        return False
    return True
