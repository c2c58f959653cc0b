"""Telling how far a deployment is, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from gatepost_worker.foundation.clock import Clock
from gatepost_worker.foundation.text import sanitize
from gatepost_worker.tasks.task import Step, StepKind, StepState

StepReporter: TypeAlias = Callable[[Step], None]
"""Takes what is told; it neither waits nor fails, so that telling never holds up a rollout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    kind: StepKind
    name: str
    attempt: int
    at_s: float


class Progress:
    """The steps of one task. They come one after the other: at most one is under way."""

    def __init__(self, report: StepReporter, clock: Clock) -> None:
        self._report = report
        self._clock = clock
        self._begun: _Begun | None = None

    def begin(self, kind: StepKind, name: str, *, attempt: int = 1) -> None:
        """A step is under way from now on."""
        at_s = self._clock.monotonic()
        self._begun = _Begun(kind=kind, name=name, attempt=attempt, at_s=at_s)
        self.tell("")

    def tell(self, detail: str) -> None:
        """Say more about the step that is under way; nothing is said where none is."""
        if self._begun is not None:
            self._say(self._begun, StepState.RUNNING, detail, took_ms=None)

    def end(self, state: StepState, detail: str = "") -> None:
        """The step that was under way, if one was, has ended."""
        if self._begun is not None:
            took_ms = round((self._clock.monotonic() - self._begun.at_s) * 1000)
            self._say(self._begun, state, detail, took_ms=took_ms)
            self._begun = None

    def _say(self, begun: _Begun, state: StepState, detail: str, *, took_ms: int | None) -> None:
        self._report(
            Step(
                kind=begun.kind,
                name=begun.name,
                attempt=begun.attempt,
                state=state,
                detail=sanitize(detail),
                at=self._clock.now(),
                took_ms=took_ms,
            )
        )
