"""The steps of a rollout, as its worker reports them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.event import canonical_json, to_rfc3339


class StepKind(StrEnum):
    """Which part of carrying a deployment out a step belongs to."""

    EXECUTOR = "executor"
    """The rollout itself."""
    READY = "ready"
    """Waiting until what was rolled out answers."""
    CHECK = "check"
    """Seeing whether it works."""


class StepState(StrEnum):
    """Where a step stands."""

    RUNNING = "running"
    """Under way; there may be several of the same step, each with what there is to tell."""
    PASSED = "passed"
    FAILED = "failed"
    """It ran and did not work."""
    ERRORED = "errored"
    """It could not be found out whether it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a worker told while it carried a deployment out."""

    kind: StepKind
    name: str
    """The check's own; else the kind of executor, or `ready`."""
    state: StepState
    attempt: int
    """Of which attempt at the deployment it is."""
    tried: int
    """From 1: how often this step was tried in that attempt."""
    detail: str
    at: datetime
    """When it came to that, by the worker's clock."""
    took_ms: int | None
    """From its beginning; none while it is running."""


def steps_digest(steps: Iterable[Step]) -> str:
    """What the event that ends a deployment vouches for its steps with: their SHA-256, in order."""
    hashed = hashlib.sha256()
    for each in steps:
        told = {
            "kind": each.kind,
            "name": each.name,
            "state": each.state,
            "attempt": each.attempt,
            "tried": each.tried,
            "detail": each.detail,
            "at": to_rfc3339(each.at),
            "took_ms": each.took_ms,
        }
        hashed.update(canonical_json(told) + b"\n")
    return hashed.hexdigest()
