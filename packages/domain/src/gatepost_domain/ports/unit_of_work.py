"""The unit of work that actions use, and the ledger that runs actions in transactions.

Everything inside a transaction is synchronous; only `Ledger.perform` and the reads are awaited. All
implementations, in memory, SQLite and PostgreSQL, pass the same tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gatepost_domain.ports.blocks_and_holds import RestrictionRepository
from gatepost_domain.ports.catalog import (
    EnvironmentRepository,
    ServiceRepository,
    TargetSettingsRepository,
)
from gatepost_domain.ports.check_runs import CheckRunRepository
from gatepost_domain.ports.claims import ClaimRepository
from gatepost_domain.ports.deployments import DeploymentRepository
from gatepost_domain.ports.event_log import EventLog
from gatepost_domain.ports.freezes import FreezeRepository
from gatepost_domain.ports.github_protection_answers import ProtectionAnswerRepository
from gatepost_domain.ports.idempotency import IdempotencyRepository
from gatepost_domain.ports.incidents import IncidentRepository
from gatepost_domain.ports.ingest import IngestRepository
from gatepost_domain.ports.notifications import NotificationRepository
from gatepost_domain.ports.paging import T
from gatepost_domain.ports.passkeys import PasskeyRepository
from gatepost_domain.ports.settings_changes import SettingsChangeRepository
from gatepost_domain.ports.tracking import (
    DeploymentRecordRepository,
    ImportRepository,
    RetirementRepository,
)
from gatepost_domain.ports.users import UserRepository
from gatepost_domain.ports.webhooks import WebhookRepository


class UnitOfWork(Protocol):
    """One transaction. Everything done through it becomes durable together, or not at all."""

    @property
    def services(self) -> ServiceRepository:
        """Services and their versions."""
        ...

    @property
    def environments(self) -> EnvironmentRepository:
        """Environments and their policies."""
        ...

    @property
    def target_settings(self) -> TargetSettingsRepository:
        """Targets and their settings."""
        ...

    @property
    def deployments(self) -> DeploymentRepository:
        """Deployments of all kinds, including records."""
        ...

    @property
    def users(self) -> UserRepository:
        """Users and their tokens."""
        ...

    @property
    def passkeys(self) -> PasskeyRepository:
        """People's passkeys."""
        ...

    @property
    def freezes(self) -> FreezeRepository:
        """Freezes and allow windows."""
        ...

    @property
    def incidents(self) -> IncidentRepository:
        """Incidents, and the deployments that caused them."""
        ...

    @property
    def claims(self) -> ClaimRepository:
        """Workers, their claims, and the steps that they report."""
        ...

    @property
    def check_runs(self) -> CheckRunRepository:
        """Check runs, which run targets' checks outside of deployments."""
        ...

    @property
    def webhooks(self) -> WebhookRepository:
        """Webhooks and their deliveries."""
        ...

    @property
    def notifications(self) -> NotificationRepository:
        """Notification channels and their notifications."""
        ...

    @property
    def event_log(self) -> EventLog:
        """The log to which this transaction's events are appended."""
        ...

    @property
    def restrictions(self) -> RestrictionRepository:
        """Blocked versions and promotion holds."""
        ...

    @property
    def idempotency_records(self) -> IdempotencyRepository:
        """Stored responses to requests with an idempotency key."""
        ...

    @property
    def deployment_records(self) -> DeploymentRecordRepository:
        """Records of deployments made elsewhere."""
        ...

    @property
    def imports(self) -> ImportRepository:
        """The storage for imports of deployment history, to which rows are added in batches."""
        ...

    @property
    def retirements(self) -> RetirementRepository:
        """The retirements of targets."""
        ...

    @property
    def ingest(self) -> IngestRepository:
        """Ingest sources and their deliveries."""
        ...

    @property
    def protection_answers(self) -> ProtectionAnswerRepository:
        """The answers to GitHub jobs that wait for a deployment protection rule."""
        ...

    @property
    def settings_changes(self) -> SettingsChangeRepository:
        """Changes to guarded settings."""
        ...


class Ledger(Protocol):
    """Runs actions in durable transactions."""

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action in a transaction, and return its result once it is durable.

        If the action raises a refusal, so does this method. In that case, nothing is stored except
        the refusal's `audit_event`, if it has one.
        """
        ...

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action that takes seconds, while reads continue and other writes wait."""
        ...
