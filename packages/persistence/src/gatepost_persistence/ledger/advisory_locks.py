"""The advisory locks that coordinate the processes sharing a PostgreSQL database."""

from __future__ import annotations

from typing import Final

WRITE_LOCK: Final = 0x6761_7465_706F_7374
"""Held by the process that is writing or migrating; "gatepost" in ASCII. A transaction takes it
before reading, so that no process bases decisions on data that another process is changing."""
EXCLUSIVE_LOCK: Final = WRITE_LOCK + 1
"""Held by a process that needs exclusive access across several transactions."""
