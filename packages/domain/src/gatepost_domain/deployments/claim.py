"""Claims: who carries a deployment out, until when, and what they told meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from gatepost_domain.catalog.target import TargetSettings
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import canonical, utc_text

LEASE: Final = timedelta(seconds=15)
"""How long a claim is a worker's unless it asks for another time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a worker carries out one attempt at a deployment."""

    id: UUID
    fencing_token: int
    """Counts all claims: of two claims on a deployment the later has the greater one."""
    deployment_id: UUID
    number: int
    attempt: int
    worker: str
    """By the name it gives itself, without `worker:`."""
    claimed_at: datetime
    leased_until: datetime
    """From then on another worker may take over."""
    lease: timedelta
    """How long each renewal lasts."""
    deadline_at: datetime
    """When the deployment has to have ended, whoever carries it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a worker needs to carry out what it has claimed."""

    claim: Claim
    deployment: Deployment
    settings: TargetSettings
    outgoing_allow: tuple[str, ...]
    """What the environment lets checks and executors call."""
    previous_version: str | None
    """What stands there until now, if anything does."""
    rolled_out: bool
    """Whether an earlier attempt told that the rollout itself was done."""


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


class Ending(StrEnum):
    """How a worker found a deployment to end."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


def digest_of_steps(steps: Iterable[Step]) -> str:
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
            "at": utc_text(each.at),
            "took_ms": each.took_ms,
        }
        hashed.update(canonical(told) + b"\n")
    return hashed.hexdigest()


class Claims(Protocol):
    """What workers carry out, and what they told meanwhile."""

    def next_token(self) -> int:
        """The fencing token that the next claim added will have."""
        ...

    def get(self, claim: UUID) -> Claim:
        """Raises `Unknown` if there is none."""
        ...

    def lapsed(self, at: datetime) -> tuple[Claim, ...]:
        """The claims on what is still started whose leases have ended by this instant.

        The longest lapsed first; not those whose deployments are past their deadlines.
        """
        ...

    def past_deadline(self, at: datetime) -> tuple[Claim, ...]:
        """The last claims on what is still started and should have ended by this instant."""
        ...

    def add(self, claim: Claim) -> None:
        """Keep a new claim; the event that started the deployment tells of it."""
        ...

    def save(self, claim: Claim) -> None:
        """Keep how long a claim is leased. It is no event: nothing was decided."""
        ...

    def add_steps(self, deployment: UUID, steps: Sequence[Step]) -> None:
        """Keep what was told of a deployment; the event that ends it vouches for it."""
        ...

    def steps(self, deployment: UUID) -> tuple[Step, ...]:
        """All that was told of a deployment, in the order in which it was."""
        ...
