"""Reads for the delivery report in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from gatepost_domain.catalog.service import Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.reports.measurements import (
    PendingAfterReview,
    ReportFilter,
    ReportMeasurements,
)
from gatepost_domain.reports.periods import Span
from tests.support.domain.deployment_facts import (
    DeploymentFacts,
    failed_or_rolled_back_at,
    measure_buckets,
)
from tests.support.memory.lane_facts import (
    find_next_live,
    first_live_in_lower_tier_at,
    returns_to_earlier_version,
)
from tests.support.memory.state import MemoryState


class MemoryDeliveryReads:
    """Reads for the delivery report in memory."""

    _state: MemoryState

    async def delivery_measurements(
        self, criteria: ReportFilter, buckets: Sequence[Span]
    ) -> ReportMeasurements:
        """Return the measurements for each bucket. Together, the buckets cover `criteria.span`."""
        stored, versions = self._state.deployments, self._state.versions
        services = self._state.services
        matching = [
            deployment
            for deployment in stored.values()
            if _matches(deployment, criteria)
            and (not criteria.teams or services[deployment.service].team in criteria.teams)
        ]
        facts = (
            _with_incidents(_facts_of(deployment, stored, versions), self._state)
            for deployment in matching
            if deployment.hidden is None
        )
        return ReportMeasurements(
            buckets=measure_buckets(facts, criteria.span, buckets),
            pending_reviews=tuple(
                PendingAfterReview(deployment.number, deployment.after_review.due_at)
                for deployment in matching
                if deployment.after_review is not None and deployment.after_review.is_pending()
            ),
        )


def _matches(deployment: Deployment, criteria: ReportFilter) -> bool:
    return (
        (not criteria.services or deployment.service in criteria.services)
        and (not criteria.environments or deployment.environment in criteria.environments)
        and (not criteria.tiers or deployment.tier in criteria.tiers)
    )


def _facts_of(
    deployment: Deployment,
    deployments: Mapping[int, Deployment],
    versions: Mapping[VersionKey, Version],
) -> DeploymentFacts:
    later = find_next_live(deployment, deployments)
    reverted = later is not None and returns_to_earlier_version(later, deployments)
    failed_at = failed_or_rolled_back_at(
        started_at=deployment.started_at,
        finished_at=deployment.finished_at,
        deployed_at=deployment.deployed_at,
        rolled_back_at=deployment.rolled_back_at,
        reverted=reverted,
        is_record=deployment.kind is DeploymentKind.RECORD,
    )
    return DeploymentFacts(
        number=deployment.number,
        kind=deployment.kind,
        status=deployment.status,
        cancel_reason=deployment.cancel_reason,
        created_at=deployment.created_at,
        approved_at=deployment.approved_at,
        started_at=deployment.started_at,
        deployed_at=deployment.deployed_at,
        failed_at=failed_at,
        recovered_at=None
        if failed_at is None
        else _recovered_at(failed_at, deployment, deployments),
        committed_at=versions[deployment.service, deployment.version].committed_at,
        reviewed=deployment.reviewed_at is not None,
        overridden=bool(deployment.overrides),
        used_break_glass=deployment.break_glass is not None,
        waived=_is_waived(deployment),
        dependent=getattr(deployment, "independence", None) is not None,
        goes_back=returns_to_earlier_version(deployment, deployments)
        or bool(deployment.recorded_rollback),
        reverted=reverted,
        live_below_at=first_live_in_lower_tier_at(deployment, deployments),
    )


def _with_incidents(facts: DeploymentFacts, state: MemoryState) -> DeploymentFacts:
    """Return a deployment's facts, extended by those of the incidents that it caused."""
    incidents = [each for each in state.incidents.values() if each.caused_by == facts.number]
    if not incidents:
        return facts
    ends = [each.resolved_at for each in incidents if each.resolved_at is not None]
    return facts._replace(
        caused_incident=True,
        failed_at=min(each.started_at for each in incidents),
        recovered_at=max(ends) if len(ends) == len(incidents) else None,
    )


def _is_waived(deployment: Deployment) -> bool:
    """Return whether a production deployment started without a review or break-glass."""
    if deployment.started_at is None or deployment.kind is DeploymentKind.RECORD:
        return False
    answers = (deployment.reviewed_by, deployment.break_glass)
    in_production = deployment.tier is Tier.PRODUCTION or deployment.started_in_production
    return bool(in_production) and answers == (None, None)


def _recovered_at(
    at: datetime, failed: Deployment, deployments: Mapping[int, Deployment]
) -> datetime | None:
    lane = (failed.service, failed.environment)
    later = (
        deployment.deployed_at
        for deployment in deployments.values()
        if (deployment.service, deployment.environment) == lane
        and deployment.hidden is None
        and deployment.deployed_at is not None
        and deployment.deployed_at > at
    )
    return min(later, default=None)
