"""The repository of claims, workers and steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.step import Step
from gatepost_domain.deployments.worker import Worker


class ClaimRepository(Protocol):
    """Workers, their claims, and the steps that they report."""

    def next_fencing_token(self) -> int:
        """Return the fencing token for the next claim."""
        ...

    def get(self, claim: UUID) -> Claim:
        """Return a claim; raises `NotFound` if there is none."""
        ...

    def list_with_expired_lease(self, at: datetime) -> tuple[Claim, ...]:
        """Return the claims on started deployments whose leases have expired, oldest expiry first.

        Claims on deployments past their deadline are left out.
        """
        ...

    def list_past_deadline(self, at: datetime) -> tuple[Claim, ...]:
        """Return the latest claim of each started deployment that is past its deadline."""
        ...

    def add(self, claim: Claim) -> None:
        """Store a new claim; the start event records it."""
        ...

    def save_lease(self, claim: Claim) -> None:
        """Store the lease of a claim; this is not recorded as an event."""
        ...

    def save_worker(self, worker: Worker) -> None:
        """Store when a worker was last seen; this is not recorded as an event."""
        ...

    def find_recent_worker(self, name: str) -> Worker | None:
        """Return a worker, or None if it has not been seen recently."""
        ...

    def add_steps(self, deployment: UUID, steps: Sequence[Step]) -> None:
        """Store reported steps; the event that finishes the deployment records their digest."""
        ...

    def steps(self, deployment: UUID) -> tuple[Step, ...]:
        """Return a deployment's steps in the order in which they were reported."""
        ...
