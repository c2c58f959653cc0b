"""Limiting the number of event streams that each user can have open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from gatepost_api.http.problems import Overload

DEFAULT_MAX_PER_USER: Final = 400
RETRY_AFTER_S: Final = 5
"""The number of seconds that a caller should wait before trying again."""


class OpenStreams:
    """Counts the open event streams per user so that no user can exhaust the connections."""

    def __init__(self, max_per_user: int = DEFAULT_MAX_PER_USER) -> None:
        self._max_per_user = max_per_user
        self._open: Counter[str] = Counter()

    def require_room(self, user: str) -> None:
        """Refuse another stream of a user who has too many.

        Raises:
            Overload: the user has the maximum number of streams open.
        """
        if self._open[user] >= self._max_per_user:
            raise Overload(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too_many_streams",
                f"You have {self._max_per_user} event streams open, which is the maximum. Close "
                "one, or use one stream for several purposes.",
                retry_after_s=RETRY_AFTER_S,
            )

    @property
    def total(self) -> int:
        """The number of open streams."""
        return self._open.total()

    @contextmanager
    def counted_stream(self, user: str) -> Generator[None]:
        """Count a stream of a user during the block."""
        self._open[user] += 1
        try:
            yield
        finally:
            self._open[user] -= 1
