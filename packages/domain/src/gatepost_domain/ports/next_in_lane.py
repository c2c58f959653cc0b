"""Reads of what happens next in each lane, and of the rollbacks that are possible or requested."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from gatepost_domain.deployments.next_in_lane import OpenDeployment
from gatepost_domain.deployments.rollback_state import RollbackState
from gatepost_domain.tracking.current_state import CurrentFilter, LaneKey


class LaneReads(Protocol):
    """Reads that cover all lanes together, so that the number of queries stays constant."""

    async def open_deployments(self, criteria: CurrentFilter) -> tuple[OpenDeployment, ...]:
        """Return the deployments that have not ended, sorted by number."""
        ...

    async def rollback_states(self, ids: Collection[UUID]) -> Mapping[UUID, RollbackState]:
        """Return the states of the rollbacks with these ids, by id; unknown ids are left out."""
        ...

    async def rollbackable_lanes(self, criteria: CurrentFilter) -> frozenset[LaneKey]:
        """Return the lanes whose live deployment can be replaced by the last known good version.

        The live deployment is not a record and has not been rolled back.
        """
        ...
