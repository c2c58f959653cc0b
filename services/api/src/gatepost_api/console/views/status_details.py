"""Facts that a deployment's status does not show: incomplete rollbacks, and what cannot start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from gatepost_api.console.views.labels import STATUS, Icon, Label, Tone
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.rollback_state import RollbackState
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.status_transitions import WAITING_STATUSES, Status
from gatepost_domain.tracking.current_state import CurrentFilter

ROLLBACK_REQUESTED: Final = Label(text="Rollback requested", tone=Tone.WAITING, icon=Icon.BACK)
ROLLING_BACK: Final = Label(text="Rolling back", tone=Tone.ACTIVE, icon=Icon.BACK)
_ENDED_ROLLBACKS: Final[Mapping[Status, str]] = {
    Status.FAILED: "Rollback failed",
    Status.REJECTED: "Rollback rejected",
    Status.CANCELLED: "Rollback cancelled",
    Status.ROLLED_BACK: "Rollback failed",
}
"""The texts for rollbacks that ended without going live. A rollback that failed may afterwards be
marked as rolled back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDetails:
    """The states of deployments' rollbacks, and which deployments can no longer start."""

    rollbacks: Mapping[UUID, RollbackState] = field(default_factory=dict[UUID, RollbackState])
    """The states of the deployments that restore an earlier version, by id."""
    outdated: frozenset[int] = frozenset()
    """The numbers of deployments that can no longer start because of a newer one."""

    def incomplete_rollback(self, deployment: Deployment) -> RollbackState | None:
        """Return the rollback of a rolled-back deployment, unless the rollback is complete."""
        if deployment.status is not Status.ROLLED_BACK or deployment.rolled_back_by is None:
            return None
        rollback = self.rollbacks.get(deployment.rolled_back_by)
        return None if rollback is None or rollback.deployed_at is not None else rollback

    def status(self, deployment: Deployment) -> Label:
        """Return the status for display: "Rolled back" only once the rollback is complete."""
        rollback = self.incomplete_rollback(deployment)
        return STATUS[deployment.status] if rollback is None else rollback_label(rollback)


def rollback_label(rollback: RollbackState) -> Label:
    """Return the status of a deployment whose rollback has not gone live."""
    if rollback.is_waiting:
        return ROLLBACK_REQUESTED
    if rollback.status is Status.STARTED:
        return ROLLING_BACK
    return Label(text=_ENDED_ROLLBACKS[rollback.status], tone=Tone.BAD, icon=Icon.BACK)


async def load_status_details(reads: ReadModel, deployments: Iterable[Deployment]) -> StatusDetails:
    """Return the status details of deployments, using at most two queries."""
    known = tuple(deployments)
    restoring = {
        deployment.rolled_back_by
        for deployment in known
        if deployment.status is Status.ROLLED_BACK and deployment.rolled_back_by is not None
    }
    waiting = [deployment for deployment in known if deployment.status in WAITING_STATUSES]
    criteria = CurrentFilter(
        services=tuple({deployment.service for deployment in waiting}),
        environments=tuple({deployment.environment for deployment in waiting}),
    )
    candidates = await reads.open_deployments(criteria) if waiting else ()
    return StatusDetails(
        rollbacks=await reads.rollback_states(restoring),
        outdated=frozenset(each.number for each in candidates if not each.can_start),
    )
