"""A cache of the number of pending reviews of each user, valid until the next commit."""

from __future__ import annotations

from typing import Final

from gatepost_domain.ports.reads import StateVersion

MAX_USERS: Final = 10_000
"""The maximum number of users whose counts are cached."""


class PendingCounts:
    """The latest count for each user, and the version of the stored data that the count is from."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, StateVersion | None]] = {}

    def find(self, user: str, *, version: StateVersion | None) -> int | None:
        """Return a user's count if it was computed for this version of the stored data."""
        count, counted_at = self._counts.get(user, (None, None))
        return count if version is not None and counted_at == version else None

    def find_last(self, user: str) -> int:
        """Return a user's latest count, even if data has been stored since; 0 if there is none."""
        return self._counts.get(user, (0, None))[0]

    def set(self, user: str, count: int, *, version: StateVersion | None) -> None:
        """Cache a user's count."""
        if len(self._counts) >= MAX_USERS:
            self._counts.clear()
        self._counts[user] = count, version
