"""Request bodies of workers."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from gatepost_api.http.json_body import to_utc
from gatepost_api.schemas.base import END_OF_TEXT, Instant, Line, RequestModel
from gatepost_domain.deployments import step
from gatepost_domain.deployments.claim import DEFAULT_LEASE, RolloutOutcome
from gatepost_domain.deployments.step import StepKind, StepState

MAX_WAIT_S: Final = 30


MAX_SEARCH_STEPS: Final = 200


WorkerName = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]*{END_OF_TEXT}",
        max_length=63,
        description="What a worker calls itself; no other should go by the same name.",
        examples=["berlin-1"],
    ),
]


Detail = Annotated[
    str,
    msgspec.Meta(
        pattern=rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*{END_OF_TEXT}",
        max_length=10_000,
        description="Text of any number of lines, or none, without other control characters.",
    ),
]


FencingToken = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class ClaimCreate(RequestModel):
    """Who has time for something, and how long they wait for it."""

    example = {"worker": "berlin-1", "wait_s": 20}

    worker: WorkerName
    wait_s: Annotated[int, msgspec.Meta(ge=0, le=MAX_WAIT_S)] = 0
    """How long to wait for something to do."""
    lease_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = int(DEFAULT_LEASE.total_seconds())
    """How long the claim is the worker's after each renewal."""


class StepBody(RequestModel):
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

    def to_domain(self, index: int) -> step.Step:
        """As the domain has it; of which attempt it is, the claim tells."""
        return step.Step(
            kind=self.kind,
            name=self.name,
            state=self.state,
            attempt=0,
            tried=self.tried,
            detail=self.detail,
            at=to_utc(self.at, f"#/steps/{index}/at"),
            took_ms=self.took_ms,
        )


class RenewBody(RequestModel):
    """By which right a claim is renewed."""

    example = {"fencing_token": 17}

    fencing_token: FencingToken


class StepsBody(RequestModel):
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
    steps: Annotated[list[StepBody], msgspec.Meta(max_length=MAX_SEARCH_STEPS)]

    def steps_to_domain(self) -> list[step.Step]:
        """As the domain has it."""
        return [each.to_domain(index) for index, each in enumerate(self.steps)]


class FinishBody(RequestModel):
    """How it ended."""

    example = {"fencing_token": 17, "outcome": "succeeded"}

    fencing_token: FencingToken
    outcome: RolloutOutcome
    note: Detail | None = None
    """Why; required where it failed."""
    steps: Annotated[list[StepBody], msgspec.Meta(max_length=MAX_SEARCH_STEPS)] = msgspec.field(
        default_factory=list[StepBody]
    )
    """What was not told yet."""

    def steps_to_domain(self) -> list[step.Step]:
        """As the domain has it."""
        return [each.to_domain(index) for index, each in enumerate(self.steps)]
