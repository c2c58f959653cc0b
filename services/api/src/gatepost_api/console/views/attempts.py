"""What workers told of a deployment, put together as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.deployments.step import Step, StepKind, StepState

SECOND_MS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One try of one step, from its beginning to how it ended."""

    kind: StepKind
    name: str
    attempt: int
    """Of which attempt at the deployment it is."""
    tried: int
    state: StepState
    began_at: datetime
    took_ms: int | None
    said: str
    """What it came to; empty while there is nothing to tell."""
    output: str
    """What was told meanwhile, as a program wrote it."""

    @property
    def took(self) -> str:
        """How long it took; empty while it goes on."""
        if self.took_ms is None:
            return ""
        return f"{self.took_ms} ms" if self.took_ms < SECOND_MS else f"{self.took_ms / 1000:.1f} s"


def tries_of(steps: Iterable[Step]) -> list[Tried]:
    """Each try once, in the order in which they began."""
    told: dict[tuple[int, StepKind, str, int], list[Step]] = {}
    for step in steps:
        told.setdefault((step.attempt, step.kind, step.name, step.tried), []).append(step)
    return [_together(each) for each in told.values()]


def _together(steps: list[Step]) -> Tried:
    first, last = steps[0], steps[-1]
    ended = last.state is not StepState.RUNNING
    meanwhile = steps[:-1] if ended else steps
    return Tried(
        kind=last.kind,
        name=last.name,
        attempt=last.attempt,
        tried=last.tried,
        state=last.state,
        began_at=first.at,
        took_ms=last.took_ms,
        said=last.detail if ended else "",
        output="".join(each.detail for each in meanwhile),
    )
