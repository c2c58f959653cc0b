"""The advisory locks of the processes that share a PostgreSQL database."""

from __future__ import annotations

from typing import Final

WRITE_LOCK: Final = 0x6761_7465_706F_7374
"""Held by the process that writes or migrates; "gatepost" in ASCII. A transaction takes it before
it reads anything, so that no process decides on data that another is changing."""
EXCLUSIVE_LOCK: Final = WRITE_LOCK + 1
"""Held during several transactions by a process that must be the only one."""
