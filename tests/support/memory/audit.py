"""Reads for auditors, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.audit import (
    DeploymentBatch,
    ExportContext,
    ExportFilter,
    ProvenEvent,
    VerificationResult,
)
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.tracking.history_filters import happened_at
from gatepost_domain.verification.checkpoint import Checkpoint
from gatepost_persistence.mapping.events import entry_to_row
from tests.support.memory.event_log import MemoryEventLog
from tests.support.memory.state import MemoryState

BATCH = 100


class MemoryAuditReads:
    """Reads for auditors in memory, where all changes are recorded as events."""

    _state: MemoryState

    async def verify(self, _: Sequence[Checkpoint] = ()) -> VerificationResult:
        head = MemoryEventLog(self._state).head()
        return VerificationResult(events=head.size, root=head.root, faults=())

    async def export_context(self) -> ExportContext:
        retirements: defaultdict[LaneKey, list[datetime]] = defaultdict(list)
        for retirement in self._state.retirements:
            lane = retirement.service, retirement.environment
            retirements[lane].append(retirement.retired_at)
        return ExportContext(
            last_number=max(self._state.deployments, default=0),
            retirements={lane: tuple(times) for lane, times in retirements.items()},
            redeployed_at={
                deployment.id: deployment.deployed_at
                for deployment in self._state.deployments.values()
                if deployment.rolls_back is not None and deployment.deployed_at is not None
            },
        )

    async def export_deployments(
        self, criteria: ExportFilter, *, after: int, last: int
    ) -> DeploymentBatch:
        found = [
            deployment
            for number, deployment in sorted(self._state.deployments.items())
            if after < number <= last and _matches(deployment, criteria)
        ][:BATCH]
        return DeploymentBatch(found, found[-1].number if len(found) == BATCH else last)

    async def export_events(self, *, after: int, tree_size: int) -> Sequence[ProvenEvent]:
        entries = (entry for entry in self._state.entries if after < entry.seq <= tree_size)
        return self._prove(list(entries)[:BATCH], tree_size)

    async def export_events_of(
        self, numbers: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        ids = [self._state.deployments[number].id for number in sorted(numbers)]
        entries = [
            entry
            for deployment_id in ids
            for entry in self._state.entries
            if entry.event.deployment_id == deployment_id and entry.seq <= tree_size
        ]
        return self._prove(entries, tree_size)

    async def export_events_by_seq(
        self, seqs: Sequence[int], *, tree_size: int
    ) -> Sequence[ProvenEvent]:
        return self._prove([entry for entry in self._state.entries if entry.seq in seqs], tree_size)

    def _prove(self, entries: Iterable[LedgerEntry], size: int) -> Sequence[ProvenEvent]:
        log = MemoryEventLog(self._state)
        return [
            ProvenEvent(_fields(entry), log.inclusion_proof(entry.seq, size=size))
            for entry in entries
        ]


def _fields(entry: LedgerEntry) -> dict[str, Any]:
    return {**entry_to_row(entry), "data": dict(entry.event.data)}


def _matches(deployment: Deployment, criteria: ExportFilter) -> bool:
    at = happened_at(deployment)
    return (
        (not criteria.services or deployment.service in criteria.services)
        and (not criteria.environments or deployment.environment in criteria.environments)
        and (criteria.since is None or at >= criteria.since)
        and (criteria.until is None or at < criteria.until)
    )
