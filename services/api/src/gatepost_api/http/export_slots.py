"""Limiting the number of exports that run at the same time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from gatepost_api.http.problems import Overload

MAX_EXPORTS: Final = 4
RETRY_AFTER_S: Final = 10
"""The number of seconds that a caller should wait before trying again."""


class ExportSlots:
    """Counts the running exports, each of which keeps a processor busy while it is read."""

    def __init__(self, max_exports: int = MAX_EXPORTS) -> None:
        self._max_exports = max_exports
        self.running = 0
        """The number of running exports."""

    def require_room(self) -> None:
        """Refuse another export while too many are running.

        Raises:
            Overload: the maximum number of exports is running.
        """
        if self.running >= self._max_exports:
            raise Overload(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too_many_exports",
                f"{self._max_exports} exports are running, which is the maximum. Try again when "
                "one has ended.",
                retry_after_s=RETRY_AFTER_S,
            )

    @contextmanager
    def counted_export(self) -> Generator[None]:
        """Count an export during the block."""
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
