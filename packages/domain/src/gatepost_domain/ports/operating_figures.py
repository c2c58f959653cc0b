"""Reads of what operators watch: the workers, and how much is waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from gatepost_domain.check_runs.check_run import CheckRunState
from gatepost_domain.deployments.worker import WorkerOverview
from gatepost_domain.ports.message_backlog import MessageBacklog, MessageBacklogs
from gatepost_domain.status import Status

OPEN_STATUSES: Final = (
    Status.PENDING_APPROVAL,
    Status.APPROVED,
    Status.QUEUED,
    Status.STARTED,
)
"""The statuses of deployments that have not ended."""

MAX_OPEN: Final = 10_000
"""Up to how many deployments in each status are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingFigures:
    """What only the database knows, for the metrics."""

    last_seq: int
    created_at: Mapping[Status, tuple[datetime, ...]]
    """When the oldest open deployments in each status were requested."""
    open_check_runs: Mapping[CheckRunState, int]
    """How many check runs that have not ended are in each state, if there are any."""
    deliveries: MessageBacklog
    """The deliveries to webhooks."""
    notifications: MessageBacklog
    workers: tuple[WorkerOverview, ...]


class OperationsReads(Protocol):
    """Reads of what operators watch, as of the last durable write."""

    async def workers(self) -> tuple[WorkerOverview, ...]:
        """Return all workers that are remembered, by name."""
        ...

    async def message_backlogs(self) -> MessageBacklogs:
        """Return what is waiting to be sent to webhooks and to people."""
        ...

    async def operating_figures(self) -> OperatingFigures:
        """Return the figures, at a cost that does not depend on the length of the history."""
        ...
