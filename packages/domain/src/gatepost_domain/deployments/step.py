"""The steps of a rollout, as reported by its worker."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatepost_domain.event import to_rfc3339
from gatepost_domain.verification.event_hash import canonical_json


class StepKind(StrEnum):
    """The part of a rollout that a step belongs to."""

    EXECUTOR = "executor"
    """The executor rolls the version out."""
    READY = "ready"
    """The readiness probe waits until the service answers."""
    CHECK = "check"
    """A check tests whether the service works."""


class StepState(StrEnum):
    """Whether a step is in progress and, if it is not, how it ended."""

    RUNNING = "running"
    """In progress; a step may be reported several times as it progresses."""
    PASSED = "passed"
    FAILED = "failed"
    """The step ran and did not work."""
    ERRORED = "errored"
    """The result of the step could not be determined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A worker's report about a rollout step."""

    kind: StepKind
    name: str
    """The name of the check, the kind of the executor, or `ready`."""
    state: StepState
    attempt: int
    """The attempt at the deployment that the step belongs to."""
    tried: int
    """The number of this try within the attempt at the deployment, starting at 1."""
    detail: str
    at: datetime
    """When the step reached this state, by the worker's clock."""
    took_ms: int | None
    """The time the step took; None while it is running."""


def last_check_reports(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the last report about each check, in the order in which the checks first ran."""
    last = {step.name: step for step in steps if step.kind is StepKind.CHECK}
    return tuple(last.values())


def last_reports(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the last report about each try of each step, in the order in which the tries began."""
    last = {(step.kind, step.name, step.attempt, step.tried): step for step in steps}
    return tuple(last.values())


def steps_digest(steps: Iterable[Step]) -> str:
    """Return the SHA-256 digest of the steps in order, which the final event records."""
    sha256 = hashlib.sha256()
    for step in steps:
        data = {
            "kind": step.kind,
            "name": step.name,
            "state": step.state,
            "attempt": step.attempt,
            "tried": step.tried,
            "detail": step.detail,
            "at": to_rfc3339(step.at),
            "took_ms": step.took_ms,
        }
        sha256.update(canonical_json(data) + b"\n")
    return sha256.hexdigest()
