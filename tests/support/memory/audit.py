"""The reads of auditors in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import LedgerEntry
from gatepost_domain.ports.audit import (
    DeploymentBatch,
    ExportBounds,
    ExportFilter,
    ProvenEvent,
    VerificationResult,
)
from gatepost_domain.tracking.current_state import LaneKey
from gatepost_domain.tracking.deployment_history import happened_at
from gatepost_domain.verification.checkpoint import Checkpoint
from tests.support.domain.wire_events import to_wire
from tests.support.memory.event_log import MemoryEventLog
from tests.support.memory.state import MemoryState


class MemoryAuditReads:
    """The reads of auditors in memory. Each batch is complete."""

    _state: MemoryState

    async def verify(self, checkpoints: Sequence[Checkpoint] = ()) -> VerificationResult:
        """Return that there is no fault: only actions change the memory."""
        del checkpoints
        head = MemoryEventLog(self._state).head()
        return VerificationResult(events=head.size, root=head.root, faults=())

    async def export_bounds(self) -> ExportBounds:
        """Return the bounds of an export that begins now."""
        retirements: defaultdict[LaneKey, tuple[datetime, ...]] = defaultdict(tuple)
        for retirement in self._state.retirements:
            lane = retirement.service, retirement.environment
            retirements[lane] += (retirement.retired_at,)
        return ExportBounds(
            last_number=max(self._state.deployments, default=0), retirements=dict(retirements)
        )

    async def export_deployments(
        self, criteria: ExportFilter, *, after: int, last: int
    ) -> DeploymentBatch:
        """Return the matching deployments with numbers above `after`, up to `last`."""
        matching = [
            deployment
            for number, deployment in sorted(self._state.deployments.items())
            if after < number <= last and _matches(deployment, criteria)
        ]
        return DeploymentBatch(matching, last)

    async def export_events(self, *, after: int, size: int) -> Sequence[ProvenEvent]:
        """Return the events after `after`, among the first `size`."""
        return self._with_proofs(self._state.entries[after:size], size)

    async def export_events_of(self, numbers: Sequence[int], *, size: int) -> Sequence[ProvenEvent]:
        """Return the events of deployments, among the first `size`, by deployment and `seq`."""
        entries = (
            entry
            for number in sorted(numbers)
            for entry in self._state.entries[:size]
            if entry.event.deployment_id == self._state.deployments[number].id
        )
        return self._with_proofs(entries, size)

    async def export_events_by_seq(
        self, seqs: Sequence[int], *, size: int
    ) -> Sequence[ProvenEvent]:
        """Return events by `seq`."""
        return self._with_proofs((self._state.entries[seq - 1] for seq in sorted(seqs)), size)

    def _with_proofs(self, entries: Iterable[LedgerEntry], size: int) -> Sequence[ProvenEvent]:
        log = MemoryEventLog(self._state)
        return [
            ProvenEvent(to_wire(entry), log.inclusion_proof(entry.seq, size=size))
            for entry in entries
        ]


def _matches(deployment: Deployment, criteria: ExportFilter) -> bool:
    at = happened_at(deployment)
    return (
        (not criteria.services or deployment.service in criteria.services)
        and (not criteria.environments or deployment.environment in criteria.environments)
        and (criteria.since is None or criteria.since <= at)
        and (criteria.until is None or at < criteria.until)
    )
