"""Creating a database file that only the server's account can read."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def create_private_file(path: Path) -> None:
    """Create the file and its folder if they do not exist, readable by this account only.

    SQLite itself would create a file that all accounts can read, and gives the log the same
    permissions as the file.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Closing an existing file would release the locks that SQLite holds on it in this process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
