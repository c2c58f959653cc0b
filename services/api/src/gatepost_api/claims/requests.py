"""Request bodies sent by workers."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import END_OF_TEXT, RULE, Instant, RequestModel
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.deployments import step
from gatepost_domain.deployments.claim import DEFAULT_LEASE, RolloutOutcome, TaskKind
from gatepost_domain.deployments.step import StepKind, StepState

MAX_WAIT_S: Final = 30


MAX_SEARCH_STEPS: Final = 200


WorkerName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]*{END_OF_TEXT}",
        max_length=63,
        extra={RULE: "letters, digits and the characters . _ -, starting with a letter or digit"},
        description="The name of the worker, which should be unique.",
        examples=["berlin-1"],
    ),
]


WorkerVersion = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9.+_-]*{END_OF_TEXT}",
        max_length=63,
        extra={RULE: "letters, digits and the characters . + _ -, starting with a letter or digit"},
        examples=["0.1.0"],
    ),
]


Detail = Annotated[
    str,
    msgspec.Meta(
        max_length=10_000,
        description="Text with any number of lines. Control and format characters are replaced by "
        "U+FFFD, except tabs and line breaks.",
    ),
]


FencingToken = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class ClaimCreate(RequestModel):
    """The worker that requests a task, and how long it is willing to wait."""

    example = {"worker": "berlin-1", "wait_s": 20}

    worker: WorkerName
    wait_s: Annotated[int, msgspec.Meta(ge=0, le=MAX_WAIT_S)] = 0
    """How long to wait for a task, in seconds. Defaults to 0."""
    lease_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = int(DEFAULT_LEASE.total_seconds())
    """The lease duration of the claim and of each renewal, in seconds."""
    kinds: Annotated[list[TaskKind], msgspec.Meta(min_length=1, max_length=10)] = msgspec.field(
        default_factory=lambda: [TaskKind.DEPLOYMENT]
    )
    """The kinds of tasks that the worker understands. Defaults to deployments only."""
    version: WorkerVersion | None = None
    """The release that the worker runs, shown in the list of workers."""


class StepBody(RequestModel):
    """One rollout step to report."""

    kind: StepKind
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """The name of the check. For other steps, the executor kind or `ready`."""
    state: StepState
    at: Instant
    """When the step reached this state, by the worker's clock."""
    tried: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    """How many times the step had been tried in this rollout attempt when it reached this state."""
    detail: Detail = ""
    took_ms: Annotated[int, msgspec.Meta(ge=0, le=10**12)] | None = None
    """The duration since the step started, in milliseconds. Null while it is running."""

    def to_domain(self, index: int) -> step.Step:
        """Return the domain step; the claim determines the attempt."""
        return step.Step(
            kind=self.kind,
            name=replace_refused_characters(self.name),
            state=self.state,
            attempt=0,
            tried=self.tried,
            detail=replace_refused_characters(self.detail),
            at=to_utc(self.at, f"#/steps/{index}/at"),
            took_ms=self.took_ms,
        )


class RenewBody(RequestModel):
    """The fencing token of the claim to renew."""

    example = {"fencing_token": 17}

    fencing_token: FencingToken
    """The fencing token of the claim. A token lower than the current one is refused."""


class StepsBody(RequestModel):
    """The rollout steps to report."""

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
    """The fencing token of the claim. A token lower than the current one is refused."""
    steps: Annotated[list[StepBody], msgspec.Meta(max_length=MAX_SEARCH_STEPS)]
    """The steps to add or to update."""

    def steps_to_domain(self) -> list[step.Step]:
        """Return the domain steps."""
        return [step.to_domain(index) for index, step in enumerate(self.steps)]


class FinishBody(RequestModel):
    """The outcome of a deployment."""

    example = {"fencing_token": 17, "outcome": "succeeded"}

    fencing_token: FencingToken
    """The fencing token of the claim. A token lower than the current one is refused."""
    outcome: RolloutOutcome
    note: Detail | None = None
    """The reason for the outcome. Required if the outcome is `failed`."""
    steps: Annotated[list[StepBody], msgspec.Meta(max_length=MAX_SEARCH_STEPS)] = msgspec.field(
        default_factory=list[StepBody]
    )
    """The steps that have not been reported yet."""

    def steps_to_domain(self) -> list[step.Step]:
        """Return the domain steps."""
        return [step.to_domain(index) for index, step in enumerate(self.steps)]
