"""Progress of a task: reports the current step as it starts, advances and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.external_text import sanitize
from gatepost_worker.foundation.redaction import redact
from gatepost_worker.tasks.step_report import StepKind, StepReport, StepState

StepReporter: TypeAlias = Callable[[StepReport], None]
"""Receives the steps. A reporter returns at once and never raises, so that it cannot delay a
rollout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _RunningStep:
    kind: StepKind
    name: str
    attempt: int
    started_at_s: float


class Progress:
    """The steps of one task; at most one of them is running at a time."""

    def __init__(self, report_step: StepReporter, clock: Clock) -> None:
        self._report_step = report_step
        self._clock = clock
        self._current: _RunningStep | None = None

    def start(self, kind: StepKind, name: str, *, attempt: int = 1) -> None:
        """Start a step and report it."""
        self._current = _RunningStep(
            kind=kind, name=name, attempt=attempt, started_at_s=self._clock.monotonic()
        )
        self.update("")

    def update(self, detail: str) -> None:
        """Report a detail of the running step; do nothing if no step is running."""
        if self._current is not None:
            self._report(self._current, StepState.RUNNING, detail, took_ms=None)

    def finish(self, state: StepState, detail: str = "") -> None:
        """End the running step and report it; do nothing if no step is running."""
        if self._current is not None:
            took_ms = round((self._clock.monotonic() - self._current.started_at_s) * 1000)
            self._report(self._current, state, detail, took_ms=took_ms)
            self._current = None

    def _report(
        self, step: _RunningStep, state: StepState, detail: str, *, took_ms: int | None
    ) -> None:
        self._report_step(
            StepReport(
                kind=step.kind,
                name=step.name,
                attempt=step.attempt,
                state=state,
                detail=sanitize(redact(detail)),
                at=self._clock.now(),
                took_ms=took_ms,
            )
        )
