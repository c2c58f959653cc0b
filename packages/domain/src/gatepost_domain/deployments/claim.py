"""Claims, which assign a deployment to a worker until they expire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.catalog.target import TargetSettings
from gatepost_domain.deployments.deployment import Deployment

DEFAULT_LEASE: Final = timedelta(seconds=15)
"""The lease duration of a claim, unless the worker requests another one."""


class TaskKind(StrEnum):
    """A kind of task that a worker can claim."""

    DEPLOYMENT = "deployment"
    """Rolling out a deployment, with its checks."""
    CHECK_RUN = "check_run"
    """Running the checks of a target outside of a deployment."""
    WEBHOOK_DELIVERY = "webhook_delivery"
    """Sending an event to a webhook."""
    NOTIFICATION = "notification"
    """Sending a message to people."""
    PROTECTION_ANSWER = "protection_answer"
    """Answering a GitHub job that waits for a deployment protection rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A worker's claim on one attempt at a deployment."""

    id: UUID
    fencing_token: int
    """Increases with every claim, so a later claim on a deployment has a higher token."""
    deployment_id: UUID
    number: int
    attempt: int
    worker: str
    """The worker's own name, without `worker:`."""
    claimed_at: datetime
    leased_until: datetime
    """When another worker may take over."""
    lease: timedelta
    """How long the claim lasts after it is made or renewed."""
    deadline_at: datetime
    """When the deployment must have finished, regardless of which worker executes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Everything a worker needs to execute a claimed deployment."""

    claim: Claim
    deployment: Deployment
    settings: TargetSettings
    outgoing_allow: tuple[str, ...]
    """The hosts and networks that checks and executors may call."""
    previous_version: str | None
    """The version that is currently live, if any."""
    rolled_out: bool
    """Whether an earlier attempt reported that the executor succeeded."""


class RolloutOutcome(StrEnum):
    """The outcome of a rollout, as its worker reports it."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
