"""How many reviews wait for each user, kept until something is stored."""

from __future__ import annotations

from typing import Final

from gatepost_domain.ports.reads import StateVersion

MAX_USERS: Final = 10_000
"""The maximum number of users whose counts are kept."""


class PendingCounts:
    """The last count of each user, and the version of what was stored then."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, StateVersion | None]] = {}

    def find(self, user: str, *, version: StateVersion | None) -> int | None:
        """Return the count of a user, if it is that of this version of what is stored."""
        count, counted_at = self._counts.get(user, (None, None))
        return count if version is not None and counted_at == version else None

    def find_last(self, user: str) -> int:
        """Return the last count of a user, even if something was stored since; 0 by default."""
        return self._counts.get(user, (0, None))[0]

    def set(self, user: str, count: int, *, version: StateVersion | None) -> None:
        """Keep the count of a user."""
        if len(self._counts) >= MAX_USERS:
            self._counts.clear()
        self._counts[user] = count, version
