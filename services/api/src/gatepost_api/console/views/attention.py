"""Deployments that need attention: failures, overdue reviews, and long-waiting requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.status_transitions import Status
from gatepost_domain.tracking.current_state import Cell, LaneKey

LONG_WAIT: Final = timedelta(hours=1)
"""How long a request can wait before it needs attention."""
FAILURES_SINCE: Final = timedelta(days=30)
"""How far back to search for failed deployments, by their creation time."""
MAX_SHOWN: Final = 5
_MAX_READ: Final = 200
_MAX_FAILURES: Final = 20


class Concern(StrEnum):
    """Why a deployment needs attention."""

    FAILED = "failed"
    """It failed, and was the last attempt to deploy the service to the environment."""
    OVERDUE = "overdue"
    """Its break-glass review is overdue."""
    WAITING = "waiting"
    """It has been waiting for longer than `LONG_WAIT`."""


_LISTS: Final[Mapping[Concern, str]] = {
    Concern.FAILED: "/deployments?status=failed",
    Concern.OVERDUE: "/inbox#reviews",
    Concern.WAITING: "/deployments?status=open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionItem:
    """A deployment that needs attention."""

    concern: Concern
    deployment: Deployment
    since: datetime


async def load_last_failures(
    reads: ReadModel, now: datetime, cells: Mapping[LaneKey, Cell], busy: Collection[LaneKey]
) -> dict[LaneKey, Deployment]:
    """Return the failed deployments that are the last attempts in their lanes, by lane.

    `busy` are the lanes with a rollout in progress; they are left out until its outcome is known.
    """
    criteria = DeploymentFilter(statuses=(Status.FAILED,), since=now - FAILURES_SINCE)
    failed = (await reads.deployments(criteria, PageRequest(limit=_MAX_READ))).items
    latest: dict[LaneKey, Deployment] = {}
    for deployment in failed:
        lane = deployment.service, deployment.environment
        cell = cells.get(lane)
        is_replaced = cell is not None and cell.deployed_at >= _ended_at(deployment)
        if lane not in busy and not is_replaced:
            latest.setdefault(lane, deployment)
    return {
        lane: deployment
        for lane, deployment in list(latest.items())[:_MAX_FAILURES]
        if await reads.latest_rollout(*lane) == deployment
    }


async def load_attention(
    reads: ReadModel,
    now: datetime,
    failures: Iterable[Deployment],
    outdated: Collection[int],
) -> list[AttentionItem]:
    """Return the deployments that need attention: failures, overdue reviews, then long waits.

    `outdated` are the numbers of those that can no longer start; nobody needs to wait for them.
    """
    awaiting = await reads.deployments(
        DeploymentFilter(awaiting_review=True, oldest_first=True), PageRequest(limit=_MAX_READ)
    )
    ready = await reads.deployments(
        DeploymentFilter(statuses=(Status.APPROVED, Status.QUEUED), oldest_first=True),
        PageRequest(limit=_MAX_READ),
    )
    overdue = [
        AttentionItem(concern=Concern.OVERDUE, deployment=deployment, since=review.due_at)
        for deployment in awaiting.items
        if (review := deployment.after_review) is not None
        and review.closed_at is None
        and review.due_at <= now
    ]
    waiting = [
        AttentionItem(concern=Concern.WAITING, deployment=deployment, since=since)
        for deployment in (*awaiting.items, *ready.items)
        if deployment.status in {Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED}
        and deployment.number not in outdated
        and (since := deployment.approved_at or deployment.created_at) <= now - LONG_WAIT
    ]
    failed = [
        AttentionItem(concern=Concern.FAILED, deployment=deployment, since=_ended_at(deployment))
        for deployment in failures
    ]
    return [
        *sorted(failed, key=lambda item: item.since, reverse=True),
        *sorted(overdue, key=lambda item: item.since),
        *sorted(waiting, key=lambda item: item.since),
    ]


def count_concerns(items: Iterable[AttentionItem]) -> list[tuple[Concern, int, str]]:
    """Return each concern, how many of the items have it, and the address of the full list."""
    counts = Counter(item.concern for item in items)
    return [(concern, counts[concern], _LISTS[concern]) for concern in Concern if counts[concern]]


def _ended_at(deployment: Deployment) -> datetime:
    return deployment.finished_at or deployment.created_at
