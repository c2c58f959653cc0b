"""Limiting the total size of request bodies in temporary files."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from gatepost_api.http.problems import Overload

MAX_SPOOLED_BYTES: Final = 512 * 1024 * 1024
"""The maximum size of all temporary files together: two of the largest imports."""

RETRY_AFTER_S: Final = 10
"""The number of seconds that a caller should wait before trying again."""


class SpoolSpace:
    """Counts the bytes in temporary files, up to a maximum."""

    def __init__(self, max_bytes: int = MAX_SPOOLED_BYTES) -> None:
        self.max_bytes = max_bytes
        self.used_bytes = 0

    def reserve(self, count: int) -> None:
        """Reserve space for bytes before they are stored.

        Raises:
            Overload: the other files leave too little space.
        """
        if self.used_bytes + count > self.max_bytes:
            raise no_spool_space()
        self.used_bytes += count

    def release(self, count: int) -> None:
        """Release the space of a file that was deleted."""
        self.used_bytes -= count


def no_spool_space() -> Overload:
    """Return the error for a body for which there is no space."""
    return Overload(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no_spool_space",
        "Other imports are using the space for temporary files; nothing was stored. Try again.",
        retry_after_s=RETRY_AFTER_S,
    )
