"""What workers and the server say to each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Self
from uuid import UUID

import msgspec

from gatepost_api.catalog.targets.schemas import TargetSettings
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.json_body import in_utc
from gatepost_api.schemas.base import END, Input, Instant, Line, Output
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments import claim as domain
from gatepost_domain.deployments import step
from gatepost_domain.deployments.claim import LEASE, Ending
from gatepost_domain.deployments.step import StepKind, StepState

LONGEST_WAIT_S: Final = 30
MOST_STEPS: Final = 200

WorkerName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]*{END}",
        max_length=63,
        description="What a worker calls itself; no other should go by the same name.",
        examples=["berlin-1"],
    ),
]
Detail = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*{END}",
        max_length=10_000,
        description="Text of any number of lines, or none, without other control characters.",
    ),
]
FencingToken = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class ClaimCreate(Input):
    """Who has time for something, and how long they wait for it."""

    example = {"worker": "berlin-1", "wait_s": 20}

    worker: WorkerName
    wait_s: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WAIT_S)] = 0
    """How long to wait for something to do."""
    lease_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = int(LEASE.total_seconds())
    """How long the claim is the worker's after each renewal."""


class StepBody(Input):
    """One thing to tell of a rollout."""

    kind: StepKind
    name: Line
    """The check's own name; else the kind of executor, or `ready`."""
    state: StepState
    at: Instant
    """When it came to that, by the worker's clock."""
    tried: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    """How often this step was tried by now."""
    detail: Detail = ""
    took_ms: Annotated[int, msgspec.Meta(ge=0, le=10**12)] | None = None
    """From its beginning; none while it is running."""

    def step(self, index: int) -> step.Step:
        """As the domain has it; of which attempt it is, the claim tells."""
        return step.Step(
            kind=self.kind,
            name=self.name,
            state=self.state,
            attempt=0,
            tried=self.tried,
            detail=self.detail,
            at=in_utc(self.at, f"#/steps/{index}/at"),
            took_ms=self.took_ms,
        )


class RenewBody(Input):
    """By which right a claim is renewed."""

    example = {"fencing_token": 17}

    fencing_token: FencingToken


class StepsBody(Input):
    """How it goes."""

    example = {
        "fencing_token": 17,
        "steps": [
            {
                "kind": "check",
                "name": "health",
                "state": "passed",
                "at": "2026-11-21T12:00:03Z",
                "took_ms": 12,
            }
        ],
    }

    fencing_token: FencingToken
    steps: Annotated[list[StepBody], msgspec.Meta(max_length=MOST_STEPS)]

    def told(self) -> list[step.Step]:
        """As the domain has it."""
        return [each.step(index) for index, each in enumerate(self.steps)]


class FinishBody(Input):
    """How it ended."""

    example = {"fencing_token": 17, "outcome": "succeeded"}

    fencing_token: FencingToken
    outcome: Ending
    note: Detail | None = None
    """Why; required where it failed."""
    steps: Annotated[list[StepBody], msgspec.Meta(max_length=MOST_STEPS)] = msgspec.field(
        default_factory=list[StepBody]
    )
    """What was not told yet."""

    def told(self) -> list[step.Step]:
        """As the domain has it."""
        return [each.step(index) for index, each in enumerate(self.steps)]


class ClaimLease(Output):
    """How long a claim is a worker's."""

    id: UUID
    fencing_token: int
    """Shown with everything that is told under the claim; one that is not the last is refused."""
    leased_until: Instant
    """From then on another worker may take over."""
    lease_s: int
    deadline_at: Instant
    """When the deployment has to have ended."""
    time_left_s: int
    """Until then; clocks differ, spans do not."""

    @classmethod
    def of(cls, claim: domain.Claim, at: datetime) -> Self:
        """As the domain has it, at an instant."""
        return cls(**_lease(claim, at))


class Task(ClaimLease):
    """A deployment to carry out, with all that this takes."""

    deployment: Deployment
    target: TargetSettings
    outgoing_allow: list[str]
    """What the environment's policy lets checks and executors call."""
    previous_version: str | None
    """What stands there until now."""
    rolled_out: bool
    """Whether an earlier attempt told that the rollout itself was done."""

    @classmethod
    def given(cls, task: domain.Task, policy: Policy, at: datetime) -> Self:
        """As the domain has it, at an instant."""
        return cls(
            **_lease(task.claim, at),
            deployment=Deployment.of(task.deployment, policy),
            target=TargetSettings.told(task.settings),
            outgoing_allow=list(task.outgoing_allow),
            previous_version=task.previous_version,
            rolled_out=task.rolled_out,
        )


class DeploymentStep(Output):
    """One thing that a worker told while it carried a deployment out."""

    kind: StepKind
    name: str
    state: StepState
    attempt: int
    """Of which attempt at the deployment it is; more than one if a worker was lost."""
    tried: int
    """How often this step was tried in that attempt by then."""
    detail: str
    at: Instant
    """When it came to that, by the worker's clock."""
    took_ms: int | None

    @classmethod
    def of(cls, step: step.Step) -> Self:
        """As the domain has it."""
        return cls(
            kind=step.kind,
            name=step.name,
            state=step.state,
            attempt=step.attempt,
            tried=step.tried,
            detail=step.detail,
            at=step.at,
            took_ms=step.took_ms,
        )


class DeploymentSteps(Output):
    """What workers told of a deployment, in the order in which they did."""

    items: list[DeploymentStep]


def _lease(claim: domain.Claim, at: datetime) -> dict[str, Any]:
    left = max(claim.deadline_at - at, timedelta())
    return {
        "id": claim.id,
        "fencing_token": claim.fencing_token,
        "leased_until": claim.leased_until,
        "lease_s": int(claim.lease.total_seconds()),
        "deadline_at": claim.deadline_at,
        "time_left_s": int(left.total_seconds()),
    }
