"""The advisory locks of the processes that share a PostgreSQL database."""

from __future__ import annotations

from typing import Final

ONE_WRITER: Final = 0x6761_7465_706F_7374
"""That of whoever writes, migrations included: "gatepost" in ASCII. It is taken
before a transaction reads anything, so that no process decides by what another is changing."""
ONE_ALONE: Final = ONE_WRITER + 1
"""That of whoever does several transactions in which no other process must be."""
