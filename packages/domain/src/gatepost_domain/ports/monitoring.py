"""Reads for monitoring: workers, and the numbers of open deployments and pending work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from gatepost_domain.check_runs.check_run import CheckRunState
from gatepost_domain.deployments.worker import WorkerOverview
from gatepost_domain.ports.message_backlog import MessageBacklog, MessageBacklogs
from gatepost_domain.status_transitions import Status

OPEN_STATUSES: Final = (
    Status.PENDING_APPROVAL,
    Status.APPROVED,
    Status.QUEUED,
    Status.STARTED,
)
"""The statuses of deployments that have not ended."""

MAX_OPEN: Final = 10_000
"""The maximum number of deployments counted in each status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingFigures:
    """The values for operating metrics that must be read from the database."""

    last_seq: int
    open_creation_times: Mapping[Status, tuple[datetime, ...]]
    """Maps each status to the times at which the oldest deployments in it were requested."""
    open_check_runs: Mapping[CheckRunState, int]
    """Maps each state to its number of check runs that have not ended; states without any are left
    out."""
    deliveries: MessageBacklog
    """The deliveries to webhooks."""
    notifications: MessageBacklog
    workers: tuple[WorkerOverview, ...]


class OperationsReads(Protocol):
    """Reads for monitoring, as of the latest durable write."""

    async def workers(self) -> tuple[WorkerOverview, ...]:
        """Return the workers seen recently, and all others with a claim, sorted by name."""
        ...

    async def message_backlogs(self) -> MessageBacklogs:
        """Return the backlogs of unsent messages to webhooks and to people."""
        ...

    async def operating_figures(self) -> OperatingFigures:
        """Return the operating figures; the cost does not depend on the length of the history."""
        ...
