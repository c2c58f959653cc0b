"""Steps: what a worker reports while it carries out a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StepKind(StrEnum):
    """The part of the deployment that a step belongs to."""

    EXECUTOR = "executor"
    READY = "ready"
    CHECK = "check"


class StepState(StrEnum):
    """Whether a step is still running or, if not, how it ended."""

    RUNNING = "running"
    """The step is in progress. It is reported again, with another detail, whenever it advances."""
    PASSED = "passed"
    FAILED = "failed"
    """The step ran and did not succeed."""
    ERRORED = "errored"
    """Whether the step succeeded could not be determined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """One report about a step of the deployment."""

    kind: StepKind
    name: str
    """The name of the check, the kind of the executor, or `ready`."""
    attempt: int
    """The number of this try within the current attempt at the deployment, from 1."""
    state: StepState
    detail: str
    """The human-readable detail, at most `MAX_DETAIL_CHARS` long; empty if there is nothing to
    add."""
    at: datetime
    took_ms: int | None
    """Time since the step started; None while it is running."""
