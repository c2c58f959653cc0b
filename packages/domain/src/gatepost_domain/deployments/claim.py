"""Claims: who carries a deployment out, until when, and what they told meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from gatepost_domain.catalog.target import TargetSettings
from gatepost_domain.deployments.deployment import Deployment

DEFAULT_LEASE: Final = timedelta(seconds=15)
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


class RolloutOutcome(StrEnum):
    """How a worker found a deployment to end."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
