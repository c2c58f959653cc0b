"""Deployment tasks: a claimed deployment with everything needed to carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The deployment that a task carries out."""

    id: str
    number: str
    """The number that people use, such as DEP-42."""
    service: str
    environment: str
    version: str
    artifact_digest: str | None
    previous_version: str | None
    """The version that is currently live; None if nothing is live."""
    requester: str
    approved_by: tuple[str, ...]
    """The approvers in the order of their approvals; empty if the policy requires none."""
    build_id: str
    """The build id, which is the same in every attempt, so that an executor can recognize a
    repeated request."""
    attempt: int
    """The number of the attempt, from 1; a later attempt takes over from a lost worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutorSettings:
    """The base class of the settings for an executor kind."""

    kind: ClassVar[str]
    """The name of the kind in the target's settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessProbe:
    """How to wait until the service is ready after the rollout."""

    path: str
    timeout_s: float
    interval_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An HTTP request sent after the rollout and the expected response."""

    name: str
    method: str
    path: str
    body: str | None
    """JSON text to send unchanged; None sends no body."""
    expect_status: int
    expect_json: Mapping[str, str]
    """The expected JSON text at each JSON pointer into the response."""
    max_latency_ms: int | None
    timeout_s: float
    attempts: int
    required: bool
    """Whether the deployment fails if this check does not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """How to roll out to the target and how to verify the result."""

    base_url: str | None
    """The base of the paths in `ready` and `checks`; None skips both."""
    executor: ExecutorSettings
    ready: ReadinessProbe | None
    checks: tuple[Check, ...]
    """The checks in the order in which they run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentTask:
    """A claimed deployment and the conditions of the claim."""

    claim_id: str
    fencing_token: int
    """The token to send with every report under the claim; only the latest one is accepted."""
    deployment: Deployment
    target: TargetSettings
    outgoing_allow: tuple[str, ...]
    """The host names, domains, addresses and networks that the environment's policy allows."""
    rolled_out: bool
    """Whether an earlier attempt finished the rollout, so that only the checks are left."""
    time_left: timedelta
    """Time until the deadline; a duration, because the clocks of two machines differ."""
    lease: timedelta
    """How long the claim lasts after each renewal."""

    @property
    def environment(self) -> str:
        """The environment to which the task deploys."""
        return self.deployment.environment
