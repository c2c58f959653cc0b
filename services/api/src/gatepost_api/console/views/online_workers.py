"""Whether any worker is online to run deployments and send messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gatepost_domain.deployments.worker import WorkerOverview, WorkerState


def is_any_worker_online(overviews: Iterable[WorkerOverview], now: datetime) -> bool:
    """Return whether at least one worker is not lost."""
    return any(overview.state(now) is not WorkerState.LOST for overview in overviews)
