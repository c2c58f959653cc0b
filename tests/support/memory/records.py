"""Recorded deployments and retirements of targets in memory."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import Event
from gatepost_domain.tracking.current_state import (
    TargetRetirement,
)
from gatepost_domain.tracking.external_ids import ExternalKey
from tests.support.memory.state import MemoryState


class MemoryRecords:
    """Recorded deployments in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def find_by_external_id(self, key: ExternalKey) -> Deployment | None:
        """Return the record with an external id, or None if there is none."""
        deployments = self._state.deployments.values()
        return next(
            (
                record
                for record in deployments
                if (record.service, record.environment, record.external_id) == key
            ),
            None,
        )


class MemoryRetirements:
    """Retirements of targets in memory."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    def was_deployed(self, service: str, environment: str) -> bool:
        """Return whether anything was ever deployed to the target."""
        return any(
            (deployment.service, deployment.environment) == (service, environment)
            and deployment.deployed_at is not None
            for deployment in self._state.deployments.values()
        )

    def retirement_times(self, service: str, environment: str) -> tuple[datetime, ...]:
        """Return when the target was retired, oldest first."""
        return tuple(
            retirement.retired_at
            for retirement in self._state.retirements
            if (retirement.service, retirement.environment) == (service, environment)
        )

    def add_retirement(self, retirement: TargetRetirement, event: Event) -> None:
        """Store a target's retirement."""
        self._state.retirements.append(retirement)
        self._state.append(event)
