"""Reporting the output of a program while it runs."""

from __future__ import annotations

import asyncio

import pytest

from gatepost_worker.executors import program_output
from gatepost_worker.executors.program_output import (
    MAX_OUTPUT_BYTES,
    TRUNCATION_NOTICE,
    OutputReporter,
)
from gatepost_worker.foundation.external_text import MAX_DETAIL_CHARS
from gatepost_worker.tasks import StepKind
from tests.support.worker import InstantClock, StepLog, progress_to


async def report(*chunks: bytes) -> tuple[list[str], OutputReporter]:
    """Feed these chunks to a reporter; return the reported details and the reporter."""
    log, clock, stream = StepLog(), InstantClock(), asyncio.StreamReader()
    progress = progress_to(log, clock)
    progress.start(StepKind.EXECUTOR, "command")
    output = OutputReporter(progress, clock)
    reporting = asyncio.create_task(output.report(stream))
    for chunk in chunks:
        stream.feed_data(chunk)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    stream.feed_eof()
    await reporting
    return log.details, output


async def test_output_is_reported_in_batches() -> None:
    """The first line is reported at once. Later lines are reported together after one second."""
    details, output = await report(b"one\n", b"two\n", b"three\n\n")

    assert details == ["one\n", "two\nthree\n\n"]
    assert output.last_line == "three"


async def test_a_batch_is_reported_even_if_no_output_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last line is reported even while the program is waiting."""
    monkeypatch.setattr(program_output, "BATCH_S", 0.01)
    log, clock, stream = StepLog(), InstantClock(), asyncio.StreamReader()
    progress = progress_to(log, clock)
    progress.start(StepKind.EXECUTOR, "command")
    reporting = asyncio.create_task(OutputReporter(progress, clock).report(stream))
    stream.feed_data(b"one\n")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stream.feed_data(b"waiting\n")
    async with asyncio.timeout(5):
        while len(log.details) < 2:  # noqa: ASYNC110  # the output has no event to wait for
            await asyncio.sleep(0.005)

    assert log.details == ["one\n", "waiting\n"]
    stream.feed_eof()
    await reporting
    assert log.details == ["one\n", "waiting\n"]


async def test_long_output_is_truncated_but_read_to_its_end() -> None:
    """The limit does not block the program, because its remaining output is still read."""
    details, _ = await report(b"x" * MAX_OUTPUT_BYTES, b"y" * MAX_OUTPUT_BYTES, b"z")

    assert sum(detail.count("x") for detail in details) == MAX_OUTPUT_BYTES
    assert not any("y" in detail or "z" in detail for detail in details)
    assert details[-1] == TRUNCATION_NOTICE
    assert max(map(len, details)) <= MAX_DETAIL_CHARS


async def test_characters_split_between_chunks_are_decoded() -> None:
    """A character is decoded correctly across chunks, and invalid UTF-8 is replaced."""
    details, output = await report("é".encode()[:1], "é\xff".encode()[1:2], b"\xff\xc3")

    assert "".join(details) == "é��"
    assert output.last_line == "é��"


async def test_a_silent_program_reports_nothing() -> None:
    """Without output, no detail is reported."""
    details, output = await report()

    assert (details, output.last_line) == ([], "")
