"""The part of the ledger in memory that tells how delivery goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gatepost_domain.catalog.service import Version
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.tracking import VersionKey
from gatepost_domain.reports.deployment_facts import (
    DeliveryFacts,
    DeliveryFilter,
    DeploymentFacts,
    PendingAfterReview,
    failed_or_rolled_back_at,
)


class StoredState(Protocol):
    """What of a ledger's state is read here."""

    versions: dict[VersionKey, Version]
    deployments: dict[int, Deployment]


State = TypeVar("State", bound=StoredState)


class MemoryDeliveryReads(Generic[State]):
    """See `delivery.DeliveryReads`."""

    _state: State

    async def delivery_facts(self, criteria: DeliveryFilter) -> DeliveryFacts:
        """See `delivery.DeliveryReads`."""
        kept, versions = self._state.deployments, self._state.versions
        of_these = [each for each in kept.values() if _matches(each, criteria)]
        told = (_facts_of(each, kept, versions) for each in of_these if each.hidden is None)
        span = criteria.span
        return DeliveryFacts(
            deployments=[each for each in told if span.since <= each.counted_at < span.until],
            pending_reviews=tuple(
                PendingAfterReview(each.number, each.after_review.due_at)
                for each in of_these
                if each.after_review is not None and each.after_review.is_pending()
            ),
        )


def _matches(each: Deployment, wanted: DeliveryFilter) -> bool:
    return (not wanted.services or each.service in wanted.services) and (
        not wanted.environments or each.environment in wanted.environments
    )


def _facts_of(
    each: Deployment, kept: Mapping[int, Deployment], versions: Mapping[VersionKey, Version]
) -> DeploymentFacts:
    fell_at = failed_or_rolled_back_at(
        started_at=each.started_at,
        finished_at=each.finished_at,
        deployed_at=each.deployed_at,
        rolled_back_at=each.rolled_back_at,
    )
    return DeploymentFacts(
        number=each.number,
        kind=each.kind,
        status=each.status,
        cancel_reason=each.cancel_reason,
        created_at=each.created_at,
        approved_at=each.approved_at,
        started_at=each.started_at,
        deployed_at=each.deployed_at,
        failed_at=fell_at,
        recovered_at=None if fell_at is None else _recovered_at(fell_at, each, kept),
        committed_at=versions[each.service, each.version].committed_at,
        reviewed=each.reviewed_at is not None,
        overridden=bool(each.overrides),
        used_break_glass=each.break_glass is not None,
    )


def _recovered_at(
    at: datetime, fallen: Deployment, kept: Mapping[int, Deployment]
) -> datetime | None:
    lane = (fallen.service, fallen.environment)
    later = (
        each.deployed_at
        for each in kept.values()
        if (each.service, each.environment) == lane
        and each.hidden is None
        and each.deployed_at is not None
        and each.deployed_at > at
    )
    return min(later, default=None)
