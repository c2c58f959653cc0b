"""Reads outside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from gatepost_domain.access.users import Token, User
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, DeploymentReference
from gatepost_domain.event import LedgerEntry
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.gates.context import LaneState
from gatepost_domain.ports.paging import Page, PageRequest, T
from gatepost_domain.ports.reports import DeliveryReads
from gatepost_domain.ports.tracking import TrackingReads
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFilter:
    """Which deployments a list holds: for each field any of its values; none holds them all."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    statuses: tuple[Status, ...] = ()
    kinds: tuple[DeploymentKind, ...] = ()
    requesters: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    since: datetime | None = None
    """Created at this instant or later."""
    until: datetime | None = None
    """Created before this instant."""
    deployed_since: datetime | None = None
    """Stood in its environment from this instant or later."""
    deployed_until: datetime | None = None
    """Stood in its environment from before this instant."""
    awaiting_review: bool = False
    """Waiting for its reviewers or, after a break-glass, for their judgement."""
    oldest_first: bool = False


class ReadModel(TrackingReads, DeliveryReads, Protocol):
    """What stands, as of the last durable write. To ask for what is not there raises `NotFound`."""

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action that only looks, over one view of what stands; it can change nothing."""
        ...

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """One deployment."""
        ...

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """In the order of their numbers, the newest first unless the filter says otherwise."""
        ...

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """What goes on in one service and environment."""
        ...

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """All events, oldest first; the key is `seq`."""
        ...

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """The events of one deployment, oldest first; the key is `seq`.

        The first of an imported one is that of its import.
        """
        ...

    async def service(self, name: str) -> Service:
        """One service."""
        ...

    async def services(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Service]:
        """By name: those that are archived, those that are not, or, for none, all."""
        ...

    async def version(self, service: str, version: str) -> Version:
        """One version of a service."""
        ...

    async def versions(self, service: str, page_request: PageRequest) -> Page[Version]:
        """The latest registered first."""
        ...

    async def environment(self, name: str) -> Environment:
        """One environment."""
        ...

    async def environments(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Environment]:
        """By rank, then by name; which of them, as with services."""
        ...

    async def target(self, service: str, environment: str) -> Target:
        """One target; `NotFound` tells whether the service, the environment or it is."""
        ...

    async def targets(self, service: str, page_request: PageRequest) -> Page[Target]:
        """The targets of a service that were ever set up, by the names of their environments."""
        ...

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Who holds the token with this digest; none if nobody does."""
        ...

    async def user(self, name: str) -> User:
        """One user."""
        ...

    async def users(self, page_request: PageRequest) -> Page[User]:
        """By name."""
        ...

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """The tokens of a user, the latest first."""
        ...

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """All that were ever imposed, the latest first; the key is the id."""
        ...

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """One version of an environment's policy."""
        ...
