"""What workers told of a deployment, put together as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.deployments.step import Step, StepKind, StepState

_SECOND_MS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAttempt:
    """One try of one step, from its beginning to how it ended."""

    kind: StepKind
    name: str
    attempt: int
    """Of which attempt at the deployment it is."""
    tried: int
    state: StepState
    started_at: datetime
    took_ms: int | None
    detail: str
    """What it came to; empty while there is nothing to tell."""
    output: str
    """What was told meanwhile, as a program wrote it."""

    @property
    def duration(self) -> str:
        """How long it took; empty while it goes on."""
        if self.took_ms is None:
            return ""
        return f"{self.took_ms} ms" if self.took_ms < _SECOND_MS else f"{self.took_ms / 1000:.1f} s"


def to_step_attempts(steps: Iterable[Step]) -> list[StepAttempt]:
    """Each try once, in the order in which they began."""
    grouped: dict[tuple[int, StepKind, str, int], list[Step]] = {}
    for step in steps:
        grouped.setdefault((step.attempt, step.kind, step.name, step.tried), []).append(step)
    return [_to_attempt(each) for each in grouped.values()]


def _to_attempt(steps: list[Step]) -> StepAttempt:
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
        output="".join(each.detail for each in output_steps),
    )
