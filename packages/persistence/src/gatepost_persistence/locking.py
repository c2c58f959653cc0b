"""The lock that writers of one PostgreSQL database share."""

from __future__ import annotations

from typing import Final

ONE_WRITER: Final = 0x6761_7465_706F_7374
"""The advisory lock of whoever writes, migrations included: "gatepost" in ASCII. It is taken
before a transaction reads anything, so that no process decides by what another is changing."""
