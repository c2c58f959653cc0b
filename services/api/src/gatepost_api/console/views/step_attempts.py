"""Rollout steps reported by workers, grouped into one entry per attempt at a step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.deployments.step import Step, StepKind, StepState

_SECOND_MS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAttempt:
    """One attempt at one step, from its start to its result."""

    kind: StepKind
    name: str
    attempt: int
    """The number of the attempt at the whole rollout."""
    tried: int
    """The number of the attempt at the step within the attempt at the rollout."""
    state: StepState
    started_at: datetime
    took_ms: int | None
    detail: str
    """The result message; empty while the step runs."""
    output: str
    """The output reported while the step ran, unchanged."""

    @property
    def duration(self) -> str:
        """The elapsed time as text; empty while the step runs."""
        if self.took_ms is None:
            return ""
        return f"{self.took_ms} ms" if self.took_ms < _SECOND_MS else f"{self.took_ms / 1000:.1f} s"


def to_step_attempts(steps: Iterable[Step]) -> list[StepAttempt]:
    """Return one entry per attempt at a step, in the order in which they started."""
    grouped: dict[tuple[int, StepKind, str, int], list[Step]] = {}
    for step in steps:
        grouped.setdefault((step.attempt, step.kind, step.name, step.tried), []).append(step)
    return [_to_step_attempt(attempt_steps) for attempt_steps in grouped.values()]


def _to_step_attempt(steps: list[Step]) -> StepAttempt:
    first, last = steps[0], steps[-1]
    ended = last.state is not StepState.RUNNING
    output_steps = steps[:-1] if ended else steps
    return StepAttempt(
        kind=last.kind,
        name=last.name,
        attempt=last.attempt,
        tried=last.tried,
        state=last.state,
        started_at=first.at,
        took_ms=last.took_ms,
        detail=last.detail if ended else "",
        output="".join(step.detail for step in output_steps),
    )
