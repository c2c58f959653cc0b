"""The unit of work in memory."""

from __future__ import annotations

from tests.support.memory.blocks_and_holds import MemoryRestrictions
from tests.support.memory.catalog import (
    MemoryEnvironments,
    MemoryServices,
    MemoryTargetSettings,
)
from tests.support.memory.check_runs import MemoryCheckRuns
from tests.support.memory.claims import MemoryClaims
from tests.support.memory.deployments import MemoryDeployments
from tests.support.memory.event_log import MemoryEventLog
from tests.support.memory.freezes import MemoryFreezes
from tests.support.memory.idempotency import MemoryIdempotencyRecords
from tests.support.memory.imports import MemoryImports
from tests.support.memory.incidents import MemoryIncidents
from tests.support.memory.ingest import MemoryIngest
from tests.support.memory.notifications import MemoryNotifications
from tests.support.memory.passkeys import MemoryPasskeys
from tests.support.memory.protection_answers import MemoryProtectionAnswers
from tests.support.memory.records import MemoryRecords, MemoryRetirements
from tests.support.memory.settings_changes import MemorySettingsChanges
from tests.support.memory.state import MemoryState
from tests.support.memory.users import MemoryUsers
from tests.support.memory.webhooks import MemoryWebhooks


class MemoryUnitOfWork:
    """The repositories of one transaction, over one state."""

    def __init__(self, state: MemoryState) -> None:
        self.services = MemoryServices(state)
        self.environments = MemoryEnvironments(state)
        self.target_settings = MemoryTargetSettings(state)
        self.deployments = MemoryDeployments(state)
        self.users = MemoryUsers(state)
        self.passkeys = MemoryPasskeys(state)
        self.idempotency_records = MemoryIdempotencyRecords(state)
        self.deployment_records = MemoryRecords(state)
        self.imports = MemoryImports(state)
        self.retirements = MemoryRetirements(state)
        self.freezes = MemoryFreezes(state)
        self.incidents = MemoryIncidents(state)
        self.check_runs = MemoryCheckRuns(state)
        self.webhooks = MemoryWebhooks(state)
        self.notifications = MemoryNotifications(state)
        self.protection_answers = MemoryProtectionAnswers(state)
        self.claims = MemoryClaims(state)
        self.event_log = MemoryEventLog(state)
        self.restrictions = MemoryRestrictions(state)
        self.ingest = MemoryIngest(state)
        self.settings_changes = MemorySettingsChanges(state)
