"""A program's output, told while it comes."""

from __future__ import annotations

import asyncio

import pytest

from gatepost_worker.executors import program_output as module
from gatepost_worker.executors.program_output import CUT, MOST_BYTES, Output
from gatepost_worker.foundation.text import MAX_DETAIL_CHARS
from gatepost_worker.tasks import StepKind
from tests.support.worker import QuickClock, StepLog, telling


async def told_of(*parts: bytes) -> tuple[list[str], Output]:
    told, clock, source = StepLog(), QuickClock(), asyncio.StreamReader()
    progress = telling(told, clock)
    progress.begin(StepKind.EXECUTOR, "command")
    output = Output(progress, clock)
    telling_it = asyncio.create_task(output.tell(source))
    for part in parts:
        source.feed_data(part)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    source.feed_eof()
    await telling_it
    return told.details, output


async def test_lines_that_come_together_are_told_together() -> None:
    """The first at once; what follows within a second is gathered."""
    details, output = await told_of(b"one\n", b"two\n", b"three\n\n")

    assert details == ["one\n", "two\nthree\n\n"]
    assert output.last_line == "three"


async def test_what_was_gathered_is_told_although_nothing_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program that says what it waits for, and waits, has said it."""
    monkeypatch.setattr(module, "PIECE_S", 0.01)
    told, clock, source = StepLog(), QuickClock(), asyncio.StreamReader()
    progress = telling(told, clock)
    progress.begin(StepKind.EXECUTOR, "command")
    telling_it = asyncio.create_task(Output(progress, clock).tell(source))
    source.feed_data(b"one\n")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    source.feed_data(b"waiting\n")
    async with asyncio.timeout(5):
        while len(told.details) < 2:  # noqa: ASYNC110  # told by the output, which has no event
            await asyncio.sleep(0.005)

    assert told.details == ["one\n", "waiting\n"]
    source.feed_eof()
    await telling_it
    assert told.details == ["one\n", "waiting\n"]


async def test_output_without_end_is_cut_and_still_read() -> None:
    """A program is not held up by how much of it is told."""
    details, _ = await told_of(b"x" * MOST_BYTES, b"y" * MOST_BYTES, b"z")

    assert sum(detail.count("x") for detail in details) == MOST_BYTES
    assert not any("y" in detail or "z" in detail for detail in details)
    assert details[-1] == CUT
    assert max(map(len, details)) <= MAX_DETAIL_CHARS


async def test_characters_that_arrive_in_halves_are_whole() -> None:
    """And bytes that are no text are marked."""
    details, output = await told_of("é".encode()[:1], "é\xff".encode()[1:2], b"\xff\xc3")

    assert "".join(details) == "é��"
    assert output.last_line == "�"


async def test_silence_is_told_as_nothing() -> None:
    """No step says nothing."""
    details, output = await told_of()

    assert (details, output.last_line) == ([], "")
