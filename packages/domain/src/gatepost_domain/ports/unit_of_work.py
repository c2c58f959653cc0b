"""What the actions need of the outside: a transaction to work in, a ledger, and reads.

Inside a transaction everything is synchronous; only its edges, `Ledger.perform` and the reads, are
awaited. The in-memory ledger and those that keep files or servers pass the same tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gatepost_domain.ports.catalog import Environments, Services, TargetSettings
from gatepost_domain.ports.claims import Claims
from gatepost_domain.ports.deployments import Deployments
from gatepost_domain.ports.freezes import Freezes
from gatepost_domain.ports.history import History
from gatepost_domain.ports.idempotency import Receipts
from gatepost_domain.ports.paging import T
from gatepost_domain.ports.restrictions import Restrictions
from gatepost_domain.ports.tracking import Imports, Records, Targets
from gatepost_domain.ports.users import People


class Work(Protocol):
    """One transaction: everything done through it becomes durable together, or not at all."""

    @property
    def services(self) -> Services:
        """Services and their versions."""
        ...

    @property
    def environments(self) -> Environments:
        """Environments and their policies."""
        ...

    @property
    def target_settings(self) -> TargetSettings:
        """How services are rolled out to environments and checked there."""
        ...

    @property
    def deployments(self) -> Deployments:
        """Deployments, with their events."""
        ...

    @property
    def people(self) -> People:
        """Users and their tokens."""
        ...

    @property
    def freezes(self) -> Freezes:
        """Freezes and allow windows."""
        ...

    @property
    def claims(self) -> Claims:
        """What workers carry out."""
        ...

    @property
    def history(self) -> History:
        """All events, to be read."""
        ...

    @property
    def restrictions(self) -> Restrictions:
        """What may not be deployed to a lane until somebody lets it."""
        ...

    @property
    def receipts(self) -> Receipts:
        """Answers kept for idempotency keys."""
        ...

    @property
    def records(self) -> Records:
        """What happened elsewhere."""
        ...

    @property
    def imports(self) -> Imports:
        """Much of what happened elsewhere, at once."""
        ...

    @property
    def targets(self) -> Targets:
        """The lanes in which anything ever stood."""
        ...


class Ledger(Protocol):
    """Where work is handed in; it comes back when it is durable."""

    async def perform(self, action: Callable[[Work], T]) -> T:
        """Run an action in a transaction and answer once it is durable.

        A refusal that the action raises is raised here, and nothing of the action remains but the
        event in the refusal's `record`, where it has one.
        """
        ...

    async def perform_at_length(self, action: Callable[[Work], T]) -> T:
        """As `perform`, for an action that takes seconds: reading goes on, writing waits."""
        ...
