"""Reads of the history that a simulation replays, in memory."""

from __future__ import annotations

from datetime import datetime

from gatepost_domain.catalog.policy import LaneMode, Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.reports.periods import Span
from gatepost_domain.simulation.history import (
    EnvironmentHistory,
    PastApproval,
    PastBreakGlass,
    PastDeployment,
    PastRetirement,
    PastRollout,
    UpstreamDeployment,
)
from tests.support.memory.state import MemoryState


class MemorySimulationReads:
    """Reads of the history that a simulation replays, in memory."""

    _state: MemoryState

    async def environment_history(
        self, environment: str, span: Span, policy: Policy
    ) -> EnvironmentHistory:
        """Return what was deployed to an environment, and the data that a policy evaluates.

        A deployment belongs to the span if it was deployed or, if it was never deployed, requested
        during the span, as in the environment's history. Hidden records and requests that
        never started are left out.
        """
        here = [each for each in self._visible() if each.environment == environment]
        replayed = [
            past_deployment(each, at)
            for each in here
            if span.since <= (each.deployed_at or each.created_at) < span.until
            and (at := _evaluated_at(each)) is not None
        ]
        upstream = [
            upstream_deployment(each, each.deployed_at)
            for each in self._visible()
            if each.environment in policy.requires
            and each.deployed_at is not None
            and each.deployed_at < span.until
        ]
        return EnvironmentHistory(
            deployments=replayed,
            upstream=upstream,
            rollouts=[] if policy.lane is LaneMode.QUEUE else list(map(_past_rollout, here)),
            retirements=[
                PastRetirement(
                    environment=each.environment, service=each.service, at=each.retired_at
                )
                for each in self._state.retirements
                if each.environment in policy.requires
            ],
            break_glasses=[
                PastBreakGlass(
                    at=each.break_glass.at,
                    closed_at=None if each.after_review is None else each.after_review.closed_at,
                )
                for each in here
                if each.break_glass is not None
            ],
            freezes=list(self._state.freezes.values()),
            checked_lanes=frozenset(
                (target.service, target.environment)
                for target in self._state.target_settings.values()
                if any(check.required for check in target.settings.checks)
            ),
        )

    def _visible(self) -> list[Deployment]:
        return [each for each in self._state.deployments.values() if each.hidden is None]


def past_deployment(deployment: Deployment, at: datetime) -> PastDeployment:
    """Return the facts of a deployment that determine the state of its gates."""
    is_record = deployment.kind is DeploymentKind.RECORD
    return PastDeployment(
        number=deployment.number,
        kind=deployment.kind,
        service=deployment.service,
        version=deployment.version,
        tier=deployment.tier,
        identities=deployment.identities,
        at=at,
        created_at=deployment.created_at,
        approved_at=deployment.approved_at,
        queued_at=deployment.queued_at,
        started_by=None if is_record or deployment.worker is not None else deployment.deployed_by,
        auto_start=deployment.auto_start,
        automatic=deployment.automatic,
        unreviewed=deployment.unreviewed,
        used_break_glass=deployment.break_glass is not None,
        approvals=tuple(
            PastApproval(actor=approval.actor, is_dependent=bool(approval.dependencies))
            for approval in deployment.approvals
        ),
        overridden=frozenset(override.gate for override in deployment.overrides),
    )


def upstream_deployment(deployment: Deployment, deployed_at: datetime) -> UpstreamDeployment:
    """Return the facts of a deployment that count for environments that require its success."""
    is_record = deployment.kind is DeploymentKind.RECORD
    return UpstreamDeployment(
        environment=deployment.environment,
        service=deployment.service,
        version=deployment.version,
        number=deployment.number,
        deployed_at=deployed_at,
        rolled_back_at=deployment.rolled_back_at,
        recorder=deployment.requester if is_record else None,
        recorded_at=deployment.created_at if is_record else None,
        identities=deployment.identities if is_record else (),
    )


def _evaluated_at(deployment: Deployment) -> datetime | None:
    if deployment.kind is DeploymentKind.RECORD:
        return deployment.started_at or deployment.deployed_at
    return deployment.started_at


def _past_rollout(deployment: Deployment) -> PastRollout:
    return PastRollout(
        service=deployment.service,
        number=deployment.number,
        queued_at=deployment.queued_at,
        started_at=deployment.started_at,
        ended_at=deployment.deployed_at or deployment.finished_at,
    )
