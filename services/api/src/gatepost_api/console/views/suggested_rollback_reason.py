"""The suggested reason in the form for an emergency rollback."""

from __future__ import annotations

from collections.abc import Iterable

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.status_transitions import Status


def suggest_rollback_reason(
    deployment: Deployment, last_good: Deployment, events: Iterable[LedgerEntry]
) -> str:
    """Return a sentence with both versions, followed by the reported reason for a failure, if any.

    `events` are the deployment's events in order.
    """
    rollback = f"Emergency rollback from {deployment.version} to {last_good.version}."
    if deployment.status is not Status.FAILED:
        return rollback
    notes = [entry.event.note for entry in events if entry.event.kind is EventKind.FAILED]
    reason = (notes[-1] or "").strip() if notes else ""
    return f"{rollback} {deployment.version} failed: {reason}" if reason else rollback
