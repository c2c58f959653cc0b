"""The progress of a task, step by step."""

from __future__ import annotations

from datetime import timedelta

from gatepost_worker.foundation.external_text import MAX_DETAIL_CHARS
from gatepost_worker.tasks import StepKind, StepState
from tests.support.worker import AT, InstantClock, StepLog, progress_to


async def test_a_finished_step_has_its_time_and_duration() -> None:
    """The finished step also keeps the kind, name and attempt with which it was started."""
    log, clock = StepLog(), InstantClock()
    progress = progress_to(log, clock)

    progress.start(StepKind.CHECK, "db-read", attempt=2)
    await clock.sleep(1.2345)
    progress.update("half")
    progress.finish(StepState.PASSED, "done")

    started, half, done = log.steps
    assert (started.state, started.detail, started.at, started.took_ms) == (
        StepState.RUNNING,
        "",
        AT,
        None,
    )
    assert (half.state, half.detail, half.took_ms) == (StepState.RUNNING, "half", None)
    assert (done.kind, done.name, done.attempt) == (StepKind.CHECK, "db-read", 2)
    assert (done.state, done.detail, done.took_ms) == (StepState.PASSED, "done", 1234)
    assert done.at == AT + timedelta(seconds=1.2345)


def test_nothing_is_reported_while_no_step_is_running() -> None:
    """A detail or a passed deadline between two steps does not change any step."""
    log = StepLog()
    progress = progress_to(log)

    progress.update("nothing")
    progress.start(StepKind.READY, "ready")
    progress.finish(StepState.PASSED)
    progress.finish(StepState.FAILED, "The deadline has passed.")

    assert log.results == [("ready", 1, "passed")]


def test_details_are_sanitized_and_truncated() -> None:
    """Details can be program output or responses, so they are made safe and shortened."""
    log = StepLog()
    progress = progress_to(log)

    progress.start(StepKind.EXECUTOR, "command")
    progress.update("\x00" + "x" * 9999)

    assert log.details[0].startswith("�x")
    assert len(log.details[0]) == MAX_DETAIL_CHARS
