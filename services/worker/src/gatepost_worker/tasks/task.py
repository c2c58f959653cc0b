"""What a worker is given to do, what it tells meanwhile, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from gatepost_worker.foundation.text import sanitize


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What is known of the deployment that is carried out."""

    id: str
    number: str
    """As people say it: DEP-42."""
    service: str
    environment: str
    version: str
    artifact_digest: str | None
    previous_version: str | None
    """What stands there until now, if anything does."""
    requester: str
    approved_by: tuple[str, ...]
    """In the order of their approvals; nobody where the policy asks for no review."""
    build_id: str
    """The same for every attempt, so that what is asked twice can be recognised."""
    attempt: int
    """From 1; a later one takes over from a worker that was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorSettings:
    """Base class of the settings of one executor kind."""

    kind: ClassVar[str]
    """The name of the kind, as in the target's settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Where to ask, and for how long, until what was rolled out answers."""

    path: str
    timeout_s: float
    interval_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A request made after the rollout, and what its answer has to be."""

    name: str
    method: str
    path: str
    body: str | None
    """JSON text that is sent, as it is; none sends nothing."""
    expect_status: int
    expect_json: Mapping[str, str]
    """By JSON pointer, the JSON text of what has to stand there in the answer."""
    max_latency_ms: int | None
    timeout_s: float
    attempts: int
    required: bool
    """Whether the deployment fails if this does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """How to roll out to the target, and what to ask of it afterwards."""

    base_url: str | None
    """What the paths of `ready` and `checks` are below."""
    executor: ExecutorSettings
    ready: Readiness | None
    checks: tuple[Check, ...]
    """In the order in which they are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A claimed deployment, with all that is needed to carry it out."""

    claim_id: str
    fencing_token: int
    """Shown with everything that is told about the claim; an older one than the last is refused."""
    deployment: Deployment
    target: TargetSettings
    outgoing_allow: tuple[str, ...]
    """The environment's host names, addresses and networks that may be called; see `allowing`."""
    rolled_out: bool
    """Whether an earlier attempt told that the executor had done its part; only readiness and
    checks are left then."""
    time_left: timedelta
    """Until the deployment's deadline. A span, since the clocks of two machines differ."""
    lease: timedelta
    """How long the claim is this worker's after each renewal."""


class StepKind(StrEnum):
    """Which part of carrying a deployment out a step belongs to."""

    EXECUTOR = "executor"
    READY = "ready"
    CHECK = "check"


class StepState(StrEnum):
    """Where a step stands."""

    RUNNING = "running"
    """Under way; each further one of the same attempt says what there is to tell meanwhile."""
    PASSED = "passed"
    FAILED = "failed"
    """It ran and did not work."""
    ERRORED = "errored"
    """It could not be found out whether it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is told while a deployment is carried out."""

    kind: StepKind
    name: str
    """The check's own; else the kind of executor, or `ready`."""
    attempt: int
    """From 1: how often this step was tried, in this attempt at the deployment."""
    state: StepState
    detail: str
    """In words for people, `words.MAX_DETAIL_CHARS` at most; empty where there is nothing to add."""
    at: datetime
    took_ms: int | None
    """From its beginning; none while it is running."""


class Result(StrEnum):
    """How a deployment ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the deployment, or one part of carrying it out, ended."""

    result: Result
    note: str
    """Why, in words for people; never empty where it failed."""


def succeeded(note: str = "") -> Outcome:
    """It worked."""
    return Outcome(result=Result.SUCCEEDED, note=sanitize(note.strip()))


def failed(note: str) -> Outcome:
    """It did not work, or it could not be found out whether it did: the note says which."""
    return Outcome(result=Result.FAILED, note=sanitize(note.strip()))
