"""What actions require of storage for claims and steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.step import Step


class ClaimRepository(Protocol):
    """What workers carry out, and what they told meanwhile."""

    def next_fencing_token(self) -> int:
        """The fencing token that the next claim added will have."""
        ...

    def get(self, claim: UUID) -> Claim:
        """Raises `NotFound` if there is none."""
        ...

    def list_expired(self, at: datetime) -> tuple[Claim, ...]:
        """The claims on what is still started whose leases have ended by this instant.

        The longest lapsed first; not those whose deployments are past their deadlines.
        """
        ...

    def list_past_deadline(self, at: datetime) -> tuple[Claim, ...]:
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
