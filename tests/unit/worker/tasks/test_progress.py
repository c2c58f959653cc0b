"""Telling how far a deployment is."""

from __future__ import annotations

from datetime import timedelta

from gatepost_worker.foundation.text import MAX_DETAIL_CHARS
from gatepost_worker.tasks import StepKind, StepState
from tests.support.worker import AT, QuickClock, StepLog, telling


async def test_a_step_says_when_it_ended_and_how_long_it_took() -> None:
    """And which attempt at what it was."""
    told, clock = StepLog(), QuickClock()
    progress = telling(told, clock)

    progress.begin(StepKind.CHECK, "db-read", attempt=2)
    await clock.sleep(1.2345)
    progress.tell("half")
    progress.end(StepState.PASSED, "done")

    begun, half, done = told.steps
    assert (begun.state, begun.detail, begun.at, begun.took_ms) == (StepState.RUNNING, "", AT, None)
    assert (half.state, half.detail, half.took_ms) == (StepState.RUNNING, "half", None)
    assert (done.kind, done.name, done.attempt) == (StepKind.CHECK, "db-read", 2)
    assert (done.state, done.detail, done.took_ms) == (StepState.PASSED, "done", 1234)
    assert done.at == AT + timedelta(seconds=1.2345)


def test_nothing_is_told_while_nothing_is_under_way() -> None:
    """A deadline between two steps cuts none off."""
    told = StepLog()
    progress = telling(told)

    progress.tell("nothing")
    progress.begin(StepKind.READY, "ready")
    progress.end(StepState.PASSED)
    progress.end(StepState.FAILED, "The deadline has passed.")

    assert told.ends == [("ready", 1, "passed")]


def test_details_are_fit_to_be_told() -> None:
    """Whoever wrote them."""
    told = StepLog()
    progress = telling(told)

    progress.begin(StepKind.EXECUTOR, "command")
    progress.tell("\x00" + "x" * 9999)

    assert told.details[0].startswith("�x")
    assert len(told.details[0]) == MAX_DETAIL_CHARS
