"""Claims and steps in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.step import Step
from gatepost_domain.errors import NotFound
from gatepost_domain.status import Status


class _StoredState(Protocol):
    claims: dict[int, Claim]
    steps: dict[UUID, tuple[Step, ...]]

    def find(self, reference: DeploymentReference) -> Deployment: ...


class MemoryClaims:
    """See `ports.Claims`."""

    def __init__(self, state: _StoredState) -> None:
        self._state = state

    def next_fencing_token(self) -> int:
        """See `ports.Claims`."""
        return max(self._state.claims, default=0) + 1

    def get(self, claim: UUID) -> Claim:
        """See `ports.Claims`."""
        found = next((each for each in self._state.claims.values() if each.id == claim), None)
        if found is None:
            raise NotFound("claim", str(claim))
        return found

    def list_expired(self, at: datetime) -> tuple[Claim, ...]:
        """See `ports.Claims`."""
        lapsed = (e for e in self._active_claims() if e.leased_until <= at < e.deadline_at)
        return tuple(sorted(lapsed, key=lambda each: (each.leased_until, each.fencing_token)))

    def list_past_deadline(self, at: datetime) -> tuple[Claim, ...]:
        """See `ports.Claims`."""
        late = (each for each in self._active_claims() if each.deadline_at <= at)
        return tuple(sorted(late, key=lambda each: (each.deadline_at, each.fencing_token)))

    def add(self, claim: Claim) -> None:
        """See `ports.Claims`."""
        self.save(claim)

    def save(self, claim: Claim) -> None:
        """See `ports.Claims`."""
        self._state.claims[claim.fencing_token] = claim

    def add_steps(self, deployment: UUID, steps: Sequence[Step]) -> None:
        """See `ports.Claims`."""
        self._state.steps[deployment] = (*self.steps(deployment), *steps)

    def steps(self, deployment: UUID) -> tuple[Step, ...]:
        """See `ports.Claims`."""
        return self._state.steps.get(deployment, ())

    def _active_claims(self) -> Iterator[Claim]:
        """The last claim on each deployment that is under way."""
        for each in self._state.claims.values():
            deployment = self._state.find(each.deployment_id)
            if deployment.status is Status.STARTED and deployment.attempt == each.attempt:
                yield each
