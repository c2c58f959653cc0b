"""What the actions need of the outside: a transaction to work in, a ledger, and reads.

Inside a transaction everything is synchronous; only its edges, `Ledger.perform` and the reads, are
awaited. The in-memory ledger and those that keep files or servers pass the same tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gatepost_domain.ports.catalog import (
    EnvironmentRepository,
    ServiceRepository,
    TargetSettingsRepository,
)
from gatepost_domain.ports.claims import ClaimRepository
from gatepost_domain.ports.deployments import DeploymentRepository
from gatepost_domain.ports.freezes import FreezeRepository
from gatepost_domain.ports.history import EventLog
from gatepost_domain.ports.idempotency import IdempotencyRepository
from gatepost_domain.ports.paging import T
from gatepost_domain.ports.restrictions import RestrictionRepository
from gatepost_domain.ports.tracking import ImportRepository, RecordRepository, RetirementRepository
from gatepost_domain.ports.users import UserRepository


class UnitOfWork(Protocol):
    """One transaction: everything done through it becomes durable together, or not at all."""

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
        """How services are rolled out to environments and checked there."""
        ...

    @property
    def deployments(self) -> DeploymentRepository:
        """Deployments, with their events."""
        ...

    @property
    def users(self) -> UserRepository:
        """Users and their tokens."""
        ...

    @property
    def freezes(self) -> FreezeRepository:
        """Freezes and allow windows."""
        ...

    @property
    def claims(self) -> ClaimRepository:
        """What workers carry out."""
        ...

    @property
    def event_log(self) -> EventLog:
        """All events, to be read."""
        ...

    @property
    def restrictions(self) -> RestrictionRepository:
        """What may not be deployed to a lane until somebody lets it."""
        ...

    @property
    def idempotency_records(self) -> IdempotencyRepository:
        """Answers kept for idempotency keys."""
        ...

    @property
    def records(self) -> RecordRepository:
        """What happened elsewhere."""
        ...

    @property
    def imports(self) -> ImportRepository:
        """Much of what happened elsewhere, at once."""
        ...

    @property
    def retirements(self) -> RetirementRepository:
        """The lanes in which anything ever stood."""
        ...


class Ledger(Protocol):
    """Where work is handed in; it comes back when it is durable."""

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action in a transaction and answer once it is durable.

        A refusal that the action raises is raised here, and nothing of the action remains but the
        event in the refusal's `record`, where it has one.
        """
        ...

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """As `perform`, for an action that takes seconds: reading goes on, writing waits."""
        ...
