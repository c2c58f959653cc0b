"""The output of a program: reported while it runs, in batches, without secrets, up to a limit."""

from __future__ import annotations

import asyncio
import codecs
import re
from typing import Final

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.external_text import MAX_DETAIL_CHARS
from gatepost_worker.foundation.redaction import Redactor
from gatepost_worker.tasks import Progress

MAX_OUTPUT_BYTES: Final = 64 * 1024
"""The maximum output that is reported. The rest is read and discarded, so that the program can
continue."""

BATCH_S: Final = 1.0
"""The maximum time for which output is buffered before it is reported."""

MAX_WORD_CHARS: Final = 512
"""How much of an unfinished word is held back until it is complete, because only whole secrets are
recognized."""

_READ_BYTES: Final = 4096
_LAST_WORD: Final = re.compile(r"\S+\Z")
_LAST_LINES_CHARS: Final = 4096
TRUNCATION_NOTICE: Final = (
    f"[The output is longer than {MAX_OUTPUT_BYTES // 1024} KiB; the rest is omitted.]"
)


class OutputReporter:
    """Reports what a program writes as progress of the running step."""

    def __init__(self, progress: Progress, clock: Clock, redactor: Redactor | None = None) -> None:
        self._progress = progress
        self._clock = clock
        self._redactor = redactor or Redactor()
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._buffer = ""
        self._reported_at_s = float("-inf")
        self._remaining_bytes = MAX_OUTPUT_BYTES
        self._last_lines = ""

    @property
    def last_line(self) -> str:
        """The last line that is not blank, in which programs usually state why they failed."""
        lines = [line for line in self._last_lines.splitlines() if line.strip()]
        return self._redactor.redact(lines[-1]).strip() if lines else ""

    async def report(self, stream: asyncio.StreamReader) -> None:
        """Report the stream until it ends."""
        while True:
            try:
                async with asyncio.timeout(BATCH_S if self._buffer else None):
                    chunk = await stream.read(_READ_BYTES)
            except TimeoutError:
                self.flush()
                continue
            if not chunk:
                break
            self._add_chunk(chunk)
        self._add_text(self._decoder.decode(b"", final=True))
        self.flush()

    def flush(self) -> None:
        """Report the buffered output now, even if it ends in the middle of a word."""
        self._report(len(self._buffer))

    def _report_complete_words(self) -> None:
        """Report the buffered output up to its last complete word."""
        word = _LAST_WORD.search(self._buffer, max(0, len(self._buffer) - MAX_WORD_CHARS))
        self._report(len(self._buffer) if word is None else word.start())

    def _report(self, length: int) -> None:
        text, self._buffer = self._buffer[:length], self._buffer[length:]
        text = self._redactor.redact(text)
        for start in range(0, len(text), MAX_DETAIL_CHARS):
            self._progress.update(text[start : start + MAX_DETAIL_CHARS])
            self._reported_at_s = self._clock.monotonic()

    def _add_chunk(self, chunk: bytes) -> None:
        accepted = chunk[: self._remaining_bytes]
        self._add_text(self._decoder.decode(accepted))
        if self._remaining_bytes and len(chunk) >= self._remaining_bytes:
            self.flush()
            self._progress.update(TRUNCATION_NOTICE)
        self._remaining_bytes -= len(accepted)
        due = self._clock.monotonic() - self._reported_at_s >= BATCH_S
        if due or len(self._buffer) >= MAX_DETAIL_CHARS:
            self._report_complete_words()

    def _add_text(self, text: str) -> None:
        self._buffer += text
        if text.strip():
            self._last_lines = f"{self._last_lines}{text}"[-_LAST_LINES_CHARS:]
        elif "\n" in text:
            self._last_lines = f"{self._last_lines.rstrip()}\n"
