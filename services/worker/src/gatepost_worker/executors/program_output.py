"""A program's output, told while it comes: in pieces worth reading, and not without end."""

from __future__ import annotations

import asyncio
import codecs
from typing import Final

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.text import MAX_DETAIL_CHARS
from gatepost_worker.tasks.progress import Progress

MOST_BYTES: Final = 64 * 1024
"""How much of the output is told. The rest is read and dropped, so that the program goes on."""

PIECE_S: Final = 1.0
"""How long output is gathered at most before it is told."""

_READ_BYTES: Final = 4096
CUT: Final = f"[The output is longer than {MOST_BYTES // 1024} KiB; no more of it is told.]"


class Output:
    """Tells what a program writes."""

    def __init__(self, progress: Progress, clock: Clock) -> None:
        self._progress = progress
        self._clock = clock
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._gathered = ""
        self._told_at_s = float("-inf")
        self._left_bytes = MOST_BYTES
        self.last_line = ""
        """The last that was told and not blank: programs say there why they failed."""

    async def tell(self, source: asyncio.StreamReader) -> None:
        """Tell all of it, until it ends."""
        while True:
            try:
                async with asyncio.timeout(PIECE_S if self._gathered else None):
                    part = await source.read(_READ_BYTES)
            except TimeoutError:
                self.tell_gathered()
                continue
            if not part:
                break
            self._take(part)
        self._gather(self._decoder.decode(b"", final=True))
        self.tell_gathered()

    def tell_gathered(self) -> None:
        """Tell at once what has come and was not told yet."""
        while self._gathered:
            piece, self._gathered = (
                self._gathered[:MAX_DETAIL_CHARS],
                self._gathered[MAX_DETAIL_CHARS:],
            )
            self._progress.tell(piece)
            self._told_at_s = self._clock.monotonic()

    def _take(self, part: bytes) -> None:
        taken = part[: self._left_bytes]
        self._gather(self._decoder.decode(taken))
        if self._left_bytes and len(part) >= self._left_bytes:
            self.tell_gathered()
            self._progress.tell(CUT)
        self._left_bytes -= len(taken)
        late = self._clock.monotonic() - self._told_at_s >= PIECE_S
        if late or len(self._gathered) >= MAX_DETAIL_CHARS:
            self.tell_gathered()

    def _gather(self, text: str) -> None:
        self._gathered += text
        for line in text.splitlines():
            self.last_line = line.strip() or self.last_line
