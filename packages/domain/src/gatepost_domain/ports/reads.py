"""Reads of resources outside a transaction, and the filters for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from gatepost_domain.access.passkeys import Passkey
from gatepost_domain.access.users import Token, User
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.target import Target
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, DeploymentReference
from gatepost_domain.deployments.lane_state import LaneState
from gatepost_domain.event import LedgerEntry
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.check_runs import CheckRunReads
from gatepost_domain.ports.github_protection_answers import ProtectionAnswerReads
from gatepost_domain.ports.incidents import IncidentReads
from gatepost_domain.ports.ingest import IngestReads
from gatepost_domain.ports.monitoring import OperationsReads
from gatepost_domain.ports.next_in_lane import LaneReads
from gatepost_domain.ports.notifications import NotificationReads
from gatepost_domain.ports.paging import Page, PageRequest, T
from gatepost_domain.ports.prefix_search import SearchReads
from gatepost_domain.ports.reports import DeliveryReportReads
from gatepost_domain.ports.settings_changes import SettingsChangeReads
from gatepost_domain.ports.simulation import SimulationReads
from gatepost_domain.ports.tracking import TrackingReads
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.ports.webhooks import WebhookReads
from gatepost_domain.status_transitions import Status


class StateVersion(NamedTuple):
    """A version of the stored state; it changes whenever any process stores anything."""

    commit: int | str
    """Changes with every commit."""
    current_state: int
    """Changes when the set of live, queued or started deployments changes."""
    access: int
    """Changes when a user or a token changes, except for a token's last use."""


class SignInStatus(NamedTuple):
    """A user's last sign-in and open invitation."""

    last_at: datetime | None = None
    """When the user last signed in with a browser; None if never."""
    invited_until: datetime | None = None
    """When the latest unaccepted invitation expires; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFilter:
    """Which deployments to return. A field matches any of its values; an empty one matches all."""

    services: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    statuses: tuple[Status, ...] = ()
    review_labels: tuple[str, ...] = ()
    kinds: tuple[DeploymentKind, ...] = ()
    requesters: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    work_references: tuple[str, ...] = ()
    """Whole work references, compared case-insensitively."""
    commits: tuple[str, ...] = ()
    """The commit hashes of versions, or prefixes of these hashes, in lower case."""
    reviewers: tuple[str, ...] = ()
    """Users whose approvals count, or who rejected the deployment."""
    external_ids: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Words that must all match, as `matches_word` defines it."""
    since: datetime | None = None
    """Created at this instant or later."""
    until: datetime | None = None
    """Created before this instant."""
    deployed_since: datetime | None = None
    """Went live at this instant or later."""
    deployed_until: datetime | None = None
    """Went live before this instant."""
    awaiting_review: bool = False
    """Waiting for approval or for an after-review."""
    only_visible: bool = False
    """Excludes records that were hidden as wrong."""
    oldest_first: bool = False


class ReadModel(
    TrackingReads,
    LaneReads,
    DeliveryReportReads,
    SimulationReads,
    SettingsChangeReads,
    CheckRunReads,
    IngestReads,
    ProtectionAnswerReads,
    WebhookReads,
    NotificationReads,
    SearchReads,
    OperationsReads,
    IncidentReads,
    Protocol,
):
    """Reads as of the latest durable write. A missing resource raises `NotFound`."""

    def known_state_version(self) -> StateVersion | None:
        """Return the version of the stored state, or None if determining it needs a query."""
        ...

    async def load_state_version(self) -> StateVersion | None:
        """Return the version of the stored state, with a query if needed.

        None means that the storage has no version, so nothing may be cached.
        """
        ...

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run a read-only action on a consistent snapshot."""
        ...

    async def read_long_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run a read-only action that may take a long time, while other requests continue."""
        ...

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """Return the deployment with this id or number, whatever its kind and status."""
        ...

    async def deployment_revision(self, reference: DeploymentReference) -> tuple[int, int]:
        """Return the number and the current revision of a deployment."""
        ...

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return deployments sorted by number, newest first unless the filter reverses this."""
        ...

    async def deployment_revisions(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[tuple[int, int]]:
        """Return the numbers and revisions of matching deployments, ordered as in `deployments`."""
        ...

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the deployments that determine whether another one in the lane can start."""
        ...

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return all entries of the event log, oldest first; the page key is `seq`."""
        ...

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return a deployment's entries, oldest first; the page key is `seq`.

        An imported deployment's first entry is that of its import.
        """
        ...

    async def service(self, name: str) -> Service:
        """Return the service with this name, even if it is archived."""
        ...

    async def services(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Service]:
        """Return services sorted by name: archived or active ones, or all if `archived` is None."""
        ...

    async def version(self, service: str, version: str) -> Version:
        """Return a version of a service, by its identifier."""
        ...

    async def versions(self, service: str, page_request: PageRequest) -> Page[Version]:
        """Return a service's versions, the most recently registered first."""
        ...

    async def versions_between(
        self, service: str, first: str | None, last: str, *, limit: int
    ) -> tuple[Version, ...]:
        """Return the versions registered after `first` up to `last`, newest first.

        Without `first`, only `last` is returned. Both versions must exist.
        """
        ...

    async def environment(self, name: str) -> Environment:
        """Return the environment with this name, even if it is archived."""
        ...

    async def environments(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Environment]:
        """Return environments sorted by rank and name; `archived` works as in `services`."""
        ...

    async def target(self, service: str, environment: str) -> Target:
        """Return a target; `NotFound` names the missing service, environment or target."""
        ...

    async def targets(self, service: str, page_request: PageRequest) -> Page[Target]:
        """Return a service's configured targets, sorted by environment name."""
        ...

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the holder and the token with this digest, or None if there is no such token."""
        ...

    async def former_name_by_user(self) -> Mapping[str, str]:
        """Return a mapping from user name to former name, for users who have one."""
        ...

    async def user(self, name: str) -> User:
        """Return the user with this name, even if the user is disabled."""
        ...

    async def users(self, page_request: PageRequest) -> Page[User]:
        """Return all users, sorted by name."""
        ...

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """Return a user's tokens, newest first."""
        ...

    async def sign_ins(self) -> Mapping[str, SignInStatus]:
        """Return the sign-in status by user key, for users who have signed in or been invited."""
        ...

    async def passkeys(self, name: str) -> tuple[Passkey, ...]:
        """Return a user's unrevoked passkeys, oldest first."""
        ...

    async def find_passkey(self, credential_id: str) -> Passkey | None:
        """Return the passkey with the credential id that its authenticator assigned, or None."""
        ...

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """Return all freezes, newest first; the page key is the id."""
        ...

    async def freeze(self, freeze: UUID) -> Freeze:
        """Return the freeze with this id, even if it was lifted or has ended."""
        ...

    async def restrictions(
        self, service: str
    ) -> tuple[tuple[VersionBlock, ...], tuple[AutoPromotionHold, ...]]:
        """Return a service's blocks and holds, ordered by environment and version."""
        ...

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """Return an environment's policy in this version, with its author and time."""
        ...
