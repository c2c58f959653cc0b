"""The advisory locks of the processes that share a PostgreSQL database."""

from __future__ import annotations

from typing import Final

WRITE_LOCK: Final = 0x6761_7465_706F_7374
"""That of whoever writes, migrations included: "gatepost" in ASCII. It is taken
before a transaction reads anything, so that no process decides by what another is changing."""
EXCLUSIVE_LOCK: Final = WRITE_LOCK + 1
"""That of whoever does several transactions in which no other process must be."""
