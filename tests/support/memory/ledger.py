"""A ledger that lives in memory: the ports without storage, for tests and for trying rules out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from gatepost_domain.access.actor import normalize_name
from gatepost_domain.access.users import Token, User
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.deployments.claim import Claim
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.step import Step
from gatepost_domain.errors import AlreadyExists, ConcurrentUpdate, NotFound, Refusal
from gatepost_domain.event import GENESIS_HASH, Event, LedgerEntry, next_entry
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.gates.context import LaneDeployment, LaneState
from gatepost_domain.gates.restrictions import PromotionHold, VersionBlock
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_domain.ports.paging import Page, PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Status
from gatepost_domain.tracking.current_state import LaneKey, TargetRetirement
from tests.support.memory.catalog import (
    MemoryCatalogReads,
    MemoryEnvironments,
    MemoryServices,
    MemoryTargetSettings,
    TargetKey,
    build_page,
)
from tests.support.memory.claims import MemoryClaims
from tests.support.memory.current_state import (
    MemoryImports,
    MemoryRecords,
    MemoryTargets,
    MemoryTrackingReads,
)
from tests.support.memory.delivery_report import MemoryDeliveryReads
from tests.support.memory.deployments import MemoryDeployments
from tests.support.memory.event_log import MemoryHistory
from tests.support.memory.freezes import MemoryFreezeReads, MemoryFreezes
from tests.support.memory.restrictions import MemoryRestrictions, VersionPlace

T = TypeVar("T")


@dataclass(slots=True)
class _State:
    """Everything that is kept. The values are immutable, so a shallow copy is a snapshot."""

    services: dict[str, Service] = field(default_factory=dict[str, Service])
    versions: dict[tuple[str, str], Version] = field(default_factory=dict[tuple[str, str], Version])
    environments: dict[str, Environment] = field(default_factory=dict[str, Environment])
    policies: dict[tuple[str, int], PolicyVersion] = field(
        default_factory=dict[tuple[str, int], PolicyVersion]
    )
    target_settings: dict[TargetKey, Target] = field(default_factory=dict[TargetKey, Target])
    deployments: dict[int, Deployment] = field(default_factory=dict[int, Deployment])
    freezes: dict[UUID, Freeze] = field(default_factory=dict[UUID, Freeze])
    blocks: dict[VersionPlace, VersionBlock] = field(
        default_factory=dict[VersionPlace, VersionBlock]
    )
    claims: dict[int, Claim] = field(default_factory=dict[int, Claim])
    steps: dict[UUID, tuple[Step, ...]] = field(default_factory=dict[UUID, tuple[Step, ...]])
    holds: dict[LaneKey, PromotionHold] = field(default_factory=dict[LaneKey, PromotionHold])
    retirements: list[TargetRetirement] = field(default_factory=list[TargetRetirement])
    entries: list[LedgerEntry] = field(default_factory=list[LedgerEntry])
    users: dict[str, User] = field(default_factory=dict[str, User])
    tokens: dict[UUID, Token] = field(default_factory=dict[UUID, Token])
    receipts: dict[tuple[str, str], IdempotencyRecord] = field(
        default_factory=dict[tuple[str, str], IdempotencyRecord]
    )

    def copy(self) -> _State:
        return _State(
            services=dict(self.services),
            versions=dict(self.versions),
            environments=dict(self.environments),
            policies=dict(self.policies),
            target_settings=dict(self.target_settings),
            deployments=dict(self.deployments),
            freezes=dict(self.freezes),
            blocks=dict(self.blocks),
            claims=dict(self.claims),
            steps=dict(self.steps),
            holds=dict(self.holds),
            retirements=list(self.retirements),
            entries=list(self.entries),
            users=dict(self.users),
            tokens=dict(self.tokens),
            receipts=dict(self.receipts),
        )

    def find(self, reference: DeploymentReference) -> Deployment:
        if isinstance(reference, int):
            found = self.deployments.get(reference)
        else:
            found = next((d for d in self.deployments.values() if d.id == reference), None)
        if found is None:
            raise NotFound("deployment", str(reference))
        return found

    def lane_state(self, service: str, environment: str) -> LaneState:
        members = [
            (
                deployment.status,
                LaneDeployment(
                    number=deployment.number,
                    version=deployment.version,
                    since=deployment.started_at or deployment.created_at,
                ),
            )
            for deployment in self.deployments.values()
            if (deployment.service, deployment.environment) == (service, environment)
            and deployment.status in {Status.STARTED, Status.SUCCEEDED}
            and deployment.import_seq is None
            and deployment.hidden is None
        ]
        return LaneState(
            started=next((who for status, who in members if status is Status.STARTED), None),
            newest=max((who for _, who in members), key=lambda who: who.number, default=None),
        )

    def append(self, event: Event) -> None:
        of = event.deployment_id
        before = (e.hash for e in reversed(self.entries) if e.event.deployment_id == of)
        self.entries.append(
            next_entry(
                event,
                after=self.entries[-1] if self.entries else None,
                deployment_prev_hash=None if of is None else next(before, GENESIS_HASH),
            )
        )


class _MemoryUsers:
    def __init__(self, state: _State) -> None:
        self._state = state

    def find(self, name: str) -> User | None:
        return self._state.users.get(normalize_name(name))

    def get(self, name: str) -> User:
        found = self.find(name)
        if found is None:
            raise NotFound("user", name)
        return found

    def find_by_login(self, issuer: str, subject: str) -> User | None:
        for user in self._state.users.values():
            login = user.login
            if login is not None and (login.issuer, login.subject) == (issuer, subject):
                return user
        return None

    def add(self, user: User, event: Event) -> None:
        if user.normalized_name in self._state.users:
            raise AlreadyExists("user", user.name)
        self._store(user, event)

    def save(self, user: User, event: Event) -> None:
        found = self.find(user.name)
        if found is None or found.revision != user.revision - 1:
            raise ConcurrentUpdate("user", user.name)
        self._store(user, event)

    def _store(self, user: User, event: Event) -> None:
        login = user.login
        holder = None if login is None else self.find_by_login(login.issuer, login.subject)
        if (
            login is not None
            and holder is not None
            and holder.normalized_name != user.normalized_name
        ):
            raise AlreadyExists("login", login.subject)
        self._state.users[user.normalized_name] = user
        self._state.append(event)

    def find_token(self, token: UUID) -> Token | None:
        return self._state.tokens.get(token)

    def get_token(self, name: str, token: UUID) -> Token:
        held, holder = self.find_token(token), self.get(name)
        if held is None or held.user != holder.name:
            raise NotFound("token", str(token))
        return held

    def add_token(self, token: Token, event: Event, *, used_link: Token | None = None) -> None:
        if token.id in self._state.tokens:
            raise AlreadyExists("token", str(token.id))
        self.save_tokens((token,) if used_link is None else (used_link, token), event)

    def save_tokens(self, tokens: Iterable[Token], event: Event) -> None:
        self._state.tokens.update({token.id: token for token in tokens})
        self._state.append(event)

    def active_sessions(self, token: UUID) -> tuple[Token, ...]:
        held = self._state.tokens.values()
        return tuple(each for each in held if each.parent == token and each.revoked_at is None)

    def record_token_use(self, token: UUID, at: datetime) -> None:
        self._state.tokens[token] = replace(self._state.tokens[token], last_used_at=at)


class _MemoryIdempotencyRecords:
    def __init__(self, state: _State) -> None:
        self._state = state

    def find(self, caller: str, key: str, *, since: datetime) -> IdempotencyRecord | None:
        receipt = self._state.receipts.get((caller, key))
        return None if receipt is None or receipt.created_at < since else receipt

    def save(self, record: IdempotencyRecord, *, expire_before: datetime) -> None:
        kept = self._state.receipts
        for key in [key for key, old in kept.items() if old.created_at < expire_before]:
            del kept[key]
        kept[record.caller, record.key] = record


class _MemoryUnitOfWork:
    def __init__(self, state: _State) -> None:
        self.services = MemoryServices(state)
        self.environments = MemoryEnvironments(state)
        self.target_settings = MemoryTargetSettings(state)
        self.deployments = MemoryDeployments(state)
        self.users = _MemoryUsers(state)
        self.idempotency_records = _MemoryIdempotencyRecords(state)
        self.records = MemoryRecords(state)
        self.imports = MemoryImports(state)
        self.retirements = MemoryTargets(state)
        self.freezes = MemoryFreezes(state)
        self.claims = MemoryClaims(state)
        self.event_log = MemoryHistory(state)
        self.restrictions = MemoryRestrictions(state)


class InMemoryLedger(
    MemoryTrackingReads[_State],
    MemoryDeliveryReads[_State],
    MemoryCatalogReads[_State],
    MemoryFreezeReads[_State],
):
    """A `Ledger` and its `ReadModel` that forget everything with the process."""

    def __init__(self) -> None:
        self._state = _State()

    @property
    def reads(self) -> Self:
        """What stands, as `ReadModel`."""
        return self

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """See `Ledger.perform`."""
        tried = self._state.copy()
        try:
            result = action(_MemoryUnitOfWork(tried))
        except Refusal as refusal:
            if refusal.audit_event is not None:
                self._state.append(refusal.audit_event)
            raise
        self._state = tried
        return result

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """See `Ledger.perform_long`."""
        return await self.perform(action)

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """See `ReadModel`."""
        return action(_MemoryUnitOfWork(self._state.copy()))

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """See `ReadModel`."""
        return self._state.find(reference)

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """See `ReadModel`."""
        after = None if page_request.after is None else int(page_request.after)
        found = [
            deployment
            for number, deployment in sorted(
                self._state.deployments.items(), reverse=not criteria.oldest_first
            )
            if (after is None or (number > after if criteria.oldest_first else number < after))
            and _matches(deployment, criteria)
        ]
        return build_page(
            found, PageRequest(limit=page_request.limit), key=lambda each: str(each.number)
        )

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """See `ReadModel`."""
        return self._state.lane_state(service, environment)

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """See `ReadModel`."""
        return _entries_after(self._state.entries, page_request)

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """See `ReadModel`."""
        return _entries_after(MemoryHistory(self._state).entries_of(deployment_id), page_request)

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """See `ReadModel`."""
        held = (each for each in self._state.tokens.values() if each.digest == digest)
        token = next(held, None)
        return None if token is None else (await self.user(token.user), token)

    async def user(self, name: str) -> User:
        """See `ReadModel`."""
        return _MemoryUsers(self._state).get(name)

    async def users(self, page_request: PageRequest) -> Page[User]:
        """See `ReadModel`."""
        found = [user for _, user in sorted(self._state.users.items())]
        return build_page(found, page_request, key=lambda user: user.name)

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """See `ReadModel`."""
        user = await self.user(name)
        held = [token for token in self._state.tokens.values() if token.user == user.name]
        return build_page(held[::-1], page_request, key=lambda token: str(token.id))


def _entries_after(entries: Iterable[LedgerEntry], page_request: PageRequest) -> Page[LedgerEntry]:
    after = int(page_request.after or 0)
    found = [entry for entry in entries if entry.seq > after]
    return Page(
        items=tuple(found[: page_request.limit]),
        next_key=str(found[page_request.limit - 1].seq)
        if len(found) > page_request.limit
        else None,
    )


def _matches(deployment: Deployment, wanted: DeploymentFilter) -> bool:
    stood = deployment.deployed_at
    return all(
        not values or value in values
        for values, value in (
            (wanted.services, deployment.service),
            (wanted.environments, deployment.environment),
            (wanted.tiers, deployment.tier),
            (wanted.statuses, deployment.status),
            (wanted.kinds, deployment.kind),
            (wanted.requesters, deployment.requester),
            (wanted.versions, deployment.version),
        )
    ) and all(
        (
            wanted.since is None or deployment.created_at >= wanted.since,
            wanted.until is None or deployment.created_at < wanted.until,
            wanted.deployed_since is None or (stood is not None and stood >= wanted.deployed_since),
            wanted.deployed_until is None or (stood is not None and stood < wanted.deployed_until),
            not wanted.awaiting_review or _awaits_review(deployment),
        )
    )


def _awaits_review(deployment: Deployment) -> bool:
    owed = deployment.after_review
    return deployment.status is Status.PENDING_APPROVAL or (owed is not None and owed.is_pending())
