"""What the actions need of the outside: a transaction to work in, a ledger, and reads.

Inside a transaction everything is synchronous; only its edges, `Ledger.perform` and the reads, are
awaited. The in-memory ledger and those that keep files or servers pass the same tests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from gatepost_domain.access.users import Token, User
from gatepost_domain.audit.evidence import History
from gatepost_domain.catalog.environment import Environment, PolicyVersion, Service, Version
from gatepost_domain.catalog.policy import Policy, Tier
from gatepost_domain.catalog.target import Target
from gatepost_domain.deployments.claim import Claims
from gatepost_domain.deployments.deployment import Deployment, Kind, Reference
from gatepost_domain.event import Entry, Event
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.gates.gate import Lane
from gatepost_domain.gates.restrictions import Restrictions
from gatepost_domain.ports.tracking import Imports, Records, Targets, TrackingReads
from gatepost_domain.reports.deployment_facts import DeliveryReads
from gatepost_domain.status import Status

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a request that carried an idempotency key, kept to be given again."""

    caller: str
    key: str
    fingerprint: str
    """SHA-256 of the method, the path and the body."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    created_at: datetime


class Services(Protocol):
    """Services and their versions."""

    def get(self, name: str) -> Service:
        """Raises `Unknown` if no service is called so."""
        ...

    def add(self, service: Service, event: Event) -> None:
        """Raises `AlreadyExists` if the name is taken."""
        ...

    def save(self, service: Service, event: Event) -> None:
        """Keep a service's next revision; `Overtaken` unless it follows the one that stands."""
        ...

    def version(self, service: str, version: str) -> Version | None:
        """The version of that service; none if it has none so called."""
        ...

    def add_version(self, version: Version, event: Event) -> None:
        """Raises `AlreadyExists` if the service has one so called."""
        ...


class Environments(Protocol):
    """Environments and the versions of their policies."""

    def get(self, name: str) -> Environment:
        """Raises `Unknown` if no environment is called so."""
        ...

    def standing(self) -> tuple[Environment, ...]:
        """Those that are not archived, by rank, then by name."""
        ...

    def policy(self, name: str, version: int) -> Policy:
        """A policy as it stood in that version."""
        ...

    def policy_version(self, name: str, version: int) -> PolicyVersion:
        """The same, with who put it in force and when."""
        ...

    def add(self, environment: Environment, policy: Policy, event: Event) -> None:
        """Raises `AlreadyExists` if the name is taken."""
        ...

    def save(self, environment: Environment, event: Event) -> None:
        """Keep an environment's next revision; `Overtaken` unless it follows what stands."""
        ...

    def change_policy(self, changed: PolicyVersion, event: Event) -> None:
        """Put the policy's next version in force; `Overtaken` if it is not the next one.

        It is a change of the environment too, which gets its next revision by it.
        """
        ...


class TargetSettings(Protocol):
    """How services are rolled out to environments and checked there."""

    def find(self, service: str, environment: str) -> Target | None:
        """The target as it was last set up; none if it never was."""
        ...

    def put(self, target: Target, event: Event) -> None:
        """Keep a target's next revision; `Overtaken` unless it follows the one that stands."""
        ...


class Deployments(Protocol):
    """Deployments; each change comes with the one event that says so."""

    def next_number(self) -> int:
        """The number that the next deployment added will have."""
        ...

    def get(self, reference: Reference) -> Deployment:
        """Raises `Unknown` if there is none."""
        ...

    def add(self, deployment: Deployment, event: Event) -> None:
        """Keep a new deployment."""
        ...

    def save(self, deployment: Deployment, event: Event) -> None:
        """Keep a deployment's next revision; `Overtaken` unless it follows the one that stands."""
        ...

    def lane(self, service: str, environment: str) -> Lane:
        """What goes on in one service and environment."""
        ...

    def self_starting(self) -> tuple[tuple[str, str], ...]:
        """The lanes, by service and environment, where something approved waits to start itself."""
        ...

    def waiting(self, service: str, environment: str) -> tuple[Deployment, ...]:
        """What waits to start there, in the order it was asked for."""
        ...

    def claimable(self, limit: int, *, behind: Deployment | None = None) -> tuple[Deployment, ...]:
        """What is queued where nothing is started, the longest queued first.

        From the beginning, or behind one that is queued.
        """
        ...

    def of_version(self, service: str, environment: str, version: str) -> tuple[Deployment, ...]:
        """In order, whatever of a version was deployed or rolled back there, and is not hidden."""
        ...

    def stood_since(
        self, service: str, environment: str, since: datetime
    ) -> tuple[Deployment, ...]:
        """Whatever was deployed there from this instant on, rolled back since or not, in order."""
        ...

    def last_good(
        self, service: str, environment: str, *, but: Collection[str]
    ) -> Deployment | None:
        """What was deployed there last and not rolled back, of any version but these."""
        ...

    def promoted(self, source: UUID, environment: str) -> Deployment | None:
        """What a deployment was promoted to in an environment; none if it was not."""
        ...

    def expired(self, at: datetime) -> tuple[Deployment, ...]:
        """What still waits and should have been acted on by this instant, oldest first."""
        ...

    def overdue(self, environment: str, at: datetime) -> Deployment | None:
        """The break-glass there whose review is longest overdue; none if none is."""
        ...

    def falling_due(self, at: datetime) -> tuple[Deployment, ...]:
        """Break-glasses whose reviews are open and were due by this instant, oldest first."""
        ...


class People(Protocol):
    """Users and their tokens. Names are compared by `person_key`."""

    def find(self, name: str) -> User | None:
        """The user of that name; none if there is none."""
        ...

    def get(self, name: str) -> User:
        """Raises `Unknown` if there is no such user."""
        ...

    def known_as(self, issuer: str, subject: str) -> User | None:
        """The user who signs in by that account of that provider; none if nobody does."""
        ...

    def add(self, user: User, event: Event) -> None:
        """Raises `AlreadyExists` if somebody has the name or the login."""
        ...

    def save(self, user: User, event: Event) -> None:
        """Keep a user's next revision; `Overtaken` unless it follows the one that stands.

        Raises `AlreadyExists` if somebody else has the login.
        """
        ...

    def token(self, token: UUID) -> Token | None:
        """A token, whoever holds it; none if there is none."""
        ...

    def token_of(self, name: str, token: UUID) -> Token:
        """Raises `Unknown` if that user holds no such token."""
        ...

    def add_token(self, token: Token, event: Event, *, spent: Token | None = None) -> None:
        """Keep a new token and, as it is now, the one that was spent on it.

        Raises `AlreadyExists` if there is one with that id.
        """
        ...

    def save_tokens(self, tokens: Iterable[Token], event: Event) -> None:
        """Keep tokens as they are now."""
        ...

    def sessions_of(self, token: UUID) -> tuple[Token, ...]:
        """The sessions that a token has opened, but for those revoked."""
        ...

    def touch_token(self, token: UUID, at: datetime) -> None:
        """Note when a token was last used. It is no event: nothing was decided."""
        ...


class Freezes(Protocol):
    """Freezes and allow windows."""

    def get(self, freeze: UUID) -> Freeze:
        """Raises `Unknown` if there is none."""
        ...

    def standing(self, at: datetime) -> tuple[Freeze, ...]:
        """All that were not lifted and did not end before this instant."""
        ...

    def add(self, freeze: Freeze, event: Event) -> None:
        """Keep a new freeze."""
        ...

    def save(self, freeze: Freeze, event: Event) -> None:
        """Keep a freeze as it is now, lifted."""
        ...


class Receipts(Protocol):
    """Answers kept for idempotency keys."""

    def find(self, caller: str, key: str, *, since: datetime) -> Receipt | None:
        """The answer given to this caller for this key, if it was given after `since`."""
        ...

    def keep(self, receipt: Receipt, *, forget_before: datetime) -> None:
        """Keep an answer, and forget those older than `forget_before`."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a list is wanted: at most `limit` items, behind the one with key `after`."""

    limit: int
    after: str | None = None
    """A `Page.next_after` of the same list; none begins at the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list."""

    items: tuple[T, ...]
    next_after: str | None
    """Where the next part begins; none where this is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFilter:
    """Which deployments a list holds: for each field any of its values; none holds them all."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    statuses: tuple[Status, ...] = ()
    kinds: tuple[Kind, ...] = ()
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


class Reads(TrackingReads, DeliveryReads, Protocol):
    """What stands, as of the last durable write. To ask for what is not there raises `Unknown`."""

    async def look(self, action: Callable[[Work], T]) -> T:
        """Run an action that only looks, over one view of what stands; it can change nothing."""
        ...

    async def deployment(self, reference: Reference) -> Deployment:
        """One deployment."""
        ...

    async def deployments(self, wanted: DeploymentFilter, window: Window) -> Page[Deployment]:
        """In the order of their numbers, the newest first unless the filter says otherwise."""
        ...

    async def lane(self, service: str, environment: str) -> Lane:
        """What goes on in one service and environment."""
        ...

    async def entries(self, window: Window) -> Page[Entry]:
        """All events, oldest first; the key is `seq`."""
        ...

    async def entries_of(self, deployment_id: UUID, window: Window) -> Page[Entry]:
        """The events of one deployment, oldest first; the key is `seq`.

        The first of an imported one is that of its import.
        """
        ...

    async def service(self, name: str) -> Service:
        """One service."""
        ...

    async def services(self, window: Window, *, archived: bool | None = False) -> Page[Service]:
        """By name: those that are archived, those that are not, or, for none, all."""
        ...

    async def version(self, service: str, version: str) -> Version:
        """One version of a service."""
        ...

    async def versions(self, service: str, window: Window) -> Page[Version]:
        """The latest registered first."""
        ...

    async def environment(self, name: str) -> Environment:
        """One environment."""
        ...

    async def environments(
        self, window: Window, *, archived: bool | None = False
    ) -> Page[Environment]:
        """By rank, then by name; which of them, as with services."""
        ...

    async def target(self, service: str, environment: str) -> Target:
        """One target; `Unknown` tells whether the service, the environment or it is."""
        ...

    async def targets(self, service: str, window: Window) -> Page[Target]:
        """The targets of a service that were ever set up, by the names of their environments."""
        ...

    async def holder(self, digest: str) -> tuple[User, Token] | None:
        """Who holds the token with this digest; none if nobody does."""
        ...

    async def user(self, name: str) -> User:
        """One user."""
        ...

    async def users(self, window: Window) -> Page[User]:
        """By name."""
        ...

    async def tokens(self, name: str, window: Window) -> Page[Token]:
        """The tokens of a user, the latest first."""
        ...

    async def freezes(self, window: Window) -> Page[Freeze]:
        """All that were ever imposed, the latest first; the key is the id."""
        ...

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """One version of an environment's policy."""
        ...
