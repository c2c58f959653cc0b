"""Reads of what happens next in each lane in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from gatepost_domain.actions.deployments.rollback import find_last_known_good
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.next_in_lane import OpenDeployment
from gatepost_domain.deployments.rollback_state import RollbackState
from gatepost_domain.status_transitions import WAITING_STATUSES, Status
from gatepost_domain.tracking.current_state import CurrentFilter, LaneKey
from tests.support.memory.current_state import MemoryCurrentStateReads
from tests.support.memory.unit_of_work import MemoryUnitOfWork


class MemoryLaneReads(MemoryCurrentStateReads):
    """Reads of lanes in memory."""

    async def open_deployments(self, criteria: CurrentFilter) -> tuple[OpenDeployment, ...]:
        """Return the deployments that have not ended, sorted by number."""
        return tuple(
            OpenDeployment(
                service=deployment.service,
                environment=deployment.environment,
                number=number,
                version=deployment.version,
                kind=deployment.kind,
                status=deployment.status,
                auto_start=deployment.auto_start,
                queued_at=deployment.queued_at,
                overrides=deployment.overrides,
                newest=None if newest is None else newest.number,
            )
            for number, deployment in sorted(self._state.deployments.items())
            if deployment.status in {*WAITING_STATUSES, Status.STARTED}
            and (not criteria.services or deployment.service in criteria.services)
            and (not criteria.environments or deployment.environment in criteria.environments)
            and (not criteria.tiers or deployment.tier in criteria.tiers)
            for newest in (
                self._state.lane_state(deployment.service, deployment.environment).newest,
            )
        )

    async def rollback_states(self, ids: Collection[UUID]) -> Mapping[UUID, RollbackState]:
        """Return the states of the rollbacks with these ids, by id."""
        return {
            deployment.id: RollbackState(
                number=deployment.number,
                version=deployment.version,
                status=deployment.status,
                deployed_at=deployment.deployed_at,
            )
            for deployment in self._state.deployments.values()
            if deployment.id in ids
        }

    async def rollbackable_lanes(self, criteria: CurrentFilter) -> frozenset[LaneKey]:
        """Return the lanes whose live deployment can be replaced by the last known good version."""
        uow = MemoryUnitOfWork(self._state)
        current = await self.current_state(criteria)
        live = [self._state.find(cell.number) for cell in current.cells]
        return frozenset(
            (deployment.service, deployment.environment)
            for deployment in live
            if deployment.status is Status.SUCCEEDED
            and deployment.kind is not DeploymentKind.RECORD
            and find_last_known_good(uow, deployment) is not None
        )
