"""Reads outside a transaction."""

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
from gatepost_domain.deployments.lane import LaneState
from gatepost_domain.event import LedgerEntry
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.check_runs import CheckRunReads
from gatepost_domain.ports.incidents import IncidentReads
from gatepost_domain.ports.ingest import IngestReads
from gatepost_domain.ports.notifications import NotificationReads
from gatepost_domain.ports.operating_figures import OperationsReads
from gatepost_domain.ports.paging import Page, PageRequest, T
from gatepost_domain.ports.protection_answers import ProtectionAnswerReads
from gatepost_domain.ports.reports import DeliveryReportReads
from gatepost_domain.ports.search import SearchReads
from gatepost_domain.ports.settings_changes import SettingsChangeReads
from gatepost_domain.ports.simulation import SimulationReads
from gatepost_domain.ports.tracking import TrackingReads
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.ports.webhooks import WebhookReads
from gatepost_domain.status import Status


class StateVersion(NamedTuple):
    """Equal versions mean that nothing was stored in between, by any process."""

    commit: int | str
    """Changes with every commit."""
    current_state: int
    """Changes when other deployments are live, queued or started."""
    access: int
    """Changes when a user or a token is changed, except for the last use of a token."""


class SignIns(NamedTuple):
    """How far a user has come in signing in."""

    last_at: datetime | None = None
    """When the user last signed in with a browser."""
    invited_until: datetime | None = None
    """When the latest invitation that was not accepted expires."""


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
    """Whole work references, in upper or lower case."""
    commits: tuple[str, ...] = ()
    """The commits of versions, or the starts of commits, in lower case."""
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
    """Not a record that was hidden because it was made in error."""
    oldest_first: bool = False


class ReadModel(
    TrackingReads,
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
    """Reads as of the last durable write. A missing resource raises `NotFound`."""

    def state_version(self) -> StateVersion | None:
        """Return the version of what is stored, or None if finding it needs a query."""
        ...

    async def load_state_version(self) -> StateVersion | None:
        """Return the version of what is stored, with a query if that is needed.

        None means that the storage has no version, so nothing must be kept.
        """
        ...

    async def read_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run a read-only action on a consistent snapshot."""
        ...

    async def read_long_snapshot(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run a read-only action that may take long. Other requests continue meanwhile."""
        ...

    async def deployment(self, reference: DeploymentReference) -> Deployment:
        """Return one deployment."""
        ...

    async def deployment_revision(self, reference: DeploymentReference) -> tuple[int, int]:
        """Return the number and the current revision of a deployment."""
        ...

    async def deployments(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[Deployment]:
        """Return deployments by number, newest first unless the filter says otherwise."""
        ...

    async def deployment_revisions(
        self, criteria: DeploymentFilter, page_request: PageRequest
    ) -> Page[tuple[int, int]]:
        """Return a page of the numbers and revisions of matching deployments, in the same order."""
        ...

    async def lane_state(self, service: str, environment: str) -> LaneState:
        """Return the state of a lane."""
        ...

    async def entries(self, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return all entries of the ledger, oldest first; the key is `seq`."""
        ...

    async def entries_of(self, deployment_id: UUID, page_request: PageRequest) -> Page[LedgerEntry]:
        """Return the entries of one deployment, oldest first; the key is `seq`.

        The first entry of an imported deployment is the one of its import.
        """
        ...

    async def service(self, name: str) -> Service:
        """Return one service."""
        ...

    async def services(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Service]:
        """Return services by name: archived ones, active ones or, if `archived` is None, all."""
        ...

    async def version(self, service: str, version: str) -> Version:
        """Return one version of a service."""
        ...

    async def versions(self, service: str, page_request: PageRequest) -> Page[Version]:
        """Return the versions of a service, the latest registered first."""
        ...

    async def versions_between(
        self, service: str, first: str | None, last: str, *, limit: int
    ) -> tuple[Version, ...]:
        """Return the versions registered after `first` up to `last`, the latest first.

        Without `first`, only `last` is returned. There must be such versions.
        """
        ...

    async def environment(self, name: str) -> Environment:
        """Return one environment."""
        ...

    async def environments(
        self, page_request: PageRequest, *, archived: bool | None = False
    ) -> Page[Environment]:
        """Return environments by rank, then by name; `archived` works as in `services`."""
        ...

    async def target(self, service: str, environment: str) -> Target:
        """Return one target; `NotFound` names the missing service, environment or target."""
        ...

    async def targets(self, service: str, page_request: PageRequest) -> Page[Target]:
        """Return the configured targets of a service, by environment name."""
        ...

    async def find_token_holder(self, digest: str) -> tuple[User, Token] | None:
        """Return the token with a digest and its user, or None if there is none."""
        ...

    async def former_name_by_user(self) -> Mapping[str, str]:
        """Return the former names of users, by name."""
        ...

    async def user(self, name: str) -> User:
        """Return one user."""
        ...

    async def users(self, page_request: PageRequest) -> Page[User]:
        """Return all users, by name."""
        ...

    async def tokens(self, name: str, page_request: PageRequest) -> Page[Token]:
        """Return the tokens of a user, newest first."""
        ...

    async def sign_ins(self) -> Mapping[str, SignIns]:
        """Return the sign-ins by the key of the user, of users who signed in or were invited."""
        ...

    async def passkeys(self, name: str) -> tuple[Passkey, ...]:
        """Return the passkeys of a user that are not revoked, oldest first."""
        ...

    async def find_passkey(self, credential_id: str) -> Passkey | None:
        """Return the passkey with the id that its authenticator gave it, or None."""
        ...

    async def freezes(self, page_request: PageRequest) -> Page[Freeze]:
        """Return all freezes, newest first; the key is the id."""
        ...

    async def freeze(self, freeze: UUID) -> Freeze:
        """Return one freeze."""
        ...

    async def restrictions(
        self, service: str
    ) -> tuple[tuple[VersionBlock, ...], tuple[AutoPromotionHold, ...]]:
        """Return all blocks and holds of a service, ordered by environment and version."""
        ...

    async def policy(self, environment: str, version: int) -> PolicyVersion:
        """Return one version of an environment's policy."""
        ...
