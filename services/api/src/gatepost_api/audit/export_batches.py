"""The deployments of an export in batches, and the events that belong to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from itertools import compress, count, islice
from typing import Final

from gatepost_api.audit.export_lines import ExportedDeployment
from gatepost_api.http.app_context import AppContext
from gatepost_domain.ports.audit import ExportFilter, ProvenEvent
from gatepost_domain.tracking.current_state import may_be_live

DEPLOYMENTS_PER_READ: Final = 20
"""The number of deployments whose events are read at once."""


class ExportReader:
    """Reads the deployments of an export, and then the events of exactly these deployments.

    Memory use is one bit per existing deployment.
    """

    def __init__(self, context: AppContext, criteria: ExportFilter) -> None:
        self._reads = context.audit_reads
        self._policies = context.reads
        self._criteria = criteria
        self._numbers = bytearray()
        self._import_seqs: set[int] = set()

    async def read_deployments(self) -> AsyncGenerator[Sequence[ExportedDeployment]]:
        """Yield the deployments that existed when the export began, each in its state when read."""
        context = await self._reads.export_context()
        self._numbers = bytearray(context.last_number // 8 + 1)
        after = 0
        while after < context.last_number:
            found, after = await self._reads.export_deployments(
                self._criteria, after=after, last=context.last_number
            )
            batch: list[ExportedDeployment] = []
            for deployment in found:
                self._numbers[deployment.number // 8] |= 1 << deployment.number % 8
                if deployment.import_seq is not None:
                    self._import_seqs.add(deployment.import_seq)
                policy = await self._policies.policy(
                    deployment.environment, deployment.policy_version
                )
                lane = deployment.service, deployment.environment
                rollback = deployment.rolled_back_by
                in_effect = may_be_live(
                    deployment,
                    context.retirements.get(lane, ()),
                    redeployed_at=None if rollback is None else context.redeployed_at.get(rollback),
                )
                batch.append(ExportedDeployment(deployment, policy, in_effect))
            if batch:
                yield batch

    async def read_events(self, size: int) -> AsyncGenerator[Sequence[ProvenEvent]]:
        """Yield those of the first `size` events that belong to the export, with their proofs.

        Without a filter, yield all events ordered by `seq`. With one, yield the events of the
        deployments ordered by number and `seq`, followed by the events of their imports.
        """
        if self._criteria.is_empty:
            after = 0
            while events := await self._reads.export_events(after=after, tree_size=size):
                yield events
                after = events[-1].event["seq"]
            return
        for numbers in _in_groups(self._exported_numbers(), DEPLOYMENTS_PER_READ):
            if events := await self._reads.export_events_of(numbers, tree_size=size):
                yield events
        for seqs in _in_groups(iter(sorted(self._import_seqs)), DEPLOYMENTS_PER_READ):
            yield await self._reads.export_events_by_seq(seqs, tree_size=size)

    def _exported_numbers(self) -> Iterator[int]:
        bits = (byte >> bit & 1 for byte in self._numbers for bit in range(8))
        return compress(count(), bits)


def _in_groups(numbers: Iterator[int], size: int) -> Iterator[Sequence[int]]:
    while group := list(islice(numbers, size)):
        yield group
