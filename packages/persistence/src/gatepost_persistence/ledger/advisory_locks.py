"""The advisory locks of the processes that share a PostgreSQL database."""

from __future__ import annotations

from typing import Final

WRITE_LOCK: Final = 0x6761_7465_706F_7374
"""The lock of the process that writes or migrates; "gatepost" in ASCII. A transaction takes it
before reading, so that no process bases decisions on data that another process is changing."""
EXCLUSIVE_LOCK: Final = WRITE_LOCK + 1
"""The lock of a process that needs exclusive access during several transactions."""
