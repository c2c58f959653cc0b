"""A ledger in memory, which implements the ports without storage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, TypeVar

from gatepost_domain.errors import Refusal
from gatepost_domain.ports.reads import StateVersion
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.memory.audit import MemoryAuditReads
from tests.support.memory.blocks_and_holds import MemoryRestrictionReads
from tests.support.memory.catalog import MemoryCatalogReads
from tests.support.memory.check_runs import MemoryCheckRunReads
from tests.support.memory.claims import MemoryOperationsReads
from tests.support.memory.delivery_report import MemoryDeliveryReads
from tests.support.memory.deployment_reads import MemoryDeploymentReads
from tests.support.memory.freezes import MemoryFreezeReads
from tests.support.memory.incidents import MemoryIncidentReads
from tests.support.memory.ingest import MemoryIngestReads
from tests.support.memory.lanes import MemoryLaneReads
from tests.support.memory.notifications import MemoryNotificationReads
from tests.support.memory.passkeys import MemoryPasskeyReads
from tests.support.memory.protection_answers import MemoryProtectionAnswerReads
from tests.support.memory.search import MemorySearchReads
from tests.support.memory.settings_changes import MemorySettingsChangeReads
from tests.support.memory.simulation import MemorySimulationReads
from tests.support.memory.state import MemoryState
from tests.support.memory.unit_of_work import MemoryUnitOfWork
from tests.support.memory.users import MemoryUserReads
from tests.support.memory.webhooks import MemoryWebhookReads

T = TypeVar("T")


class InMemoryLedger(
    MemoryLaneReads,
    MemoryDeploymentReads,
    MemoryUserReads,
    MemoryPasskeyReads,
    MemoryDeliveryReads,
    MemorySimulationReads,
    MemoryCatalogReads,
    MemoryFreezeReads,
    MemoryIncidentReads,
    MemoryRestrictionReads,
    MemorySettingsChangeReads,
    MemoryCheckRunReads,
    MemoryIngestReads,
    MemoryWebhookReads,
    MemoryNotificationReads,
    MemoryProtectionAnswerReads,
    MemorySearchReads,
    MemoryAuditReads,
    MemoryOperationsReads,
):
    """A ledger and its read model in memory, for tests and for trying out rules."""

    def __init__(self) -> None:
        self._state = MemoryState()

    @property
    def reads(self) -> Self:
        """The read model, which is the ledger itself."""
        return self

    def known_state_version(self) -> None:
        """Return None, so that nothing is cached."""

    async def load_state_version(self) -> StateVersion | None:
        """Return None, so that nothing is cached."""

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action on a copy of the state, which replaces the state if the action succeeds."""
        draft = self._state.copy()
        try:
            result = action(MemoryUnitOfWork(draft))
        except Refusal as refusal:
            if refusal.audit_event is not None:
                self._state.request_id = draft.request_id
                self._state.append(refusal.audit_event)
                self._state.request_id = None
            raise
        self._state = draft
        self._state.request_id = None
        return result

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action in the same way as `perform`; in memory, no action takes long."""
        return await self.perform(action)

    async def read_long_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Return the result of a read-only action."""
        return await self.read_snapshot(action)

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Return the result of an action on a copy of the state."""
        return action(MemoryUnitOfWork(self._state.copy()))
