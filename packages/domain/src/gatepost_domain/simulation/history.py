"""The recorded facts that a simulation replays.

There can be very many, so that the types of single facts are named tuples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.gate_kind import GateKind

MAX_DEPLOYMENTS: Final = 250_000
"""How many deployments of the environment one simulation replays at most."""
MAX_UPSTREAM_DEPLOYMENTS: Final = 1_000_000
"""How many deployments of the required environments one simulation considers at most."""


class PastApproval(NamedTuple):
    """An approval that counted when the deployment started."""

    actor: str
    is_dependent: bool
    """Whether the reviewer was not independent of the others behind the deployment."""


class PastDeployment(NamedTuple):
    """A deployment that started, or a record, with the facts that decide its gates."""

    number: int
    kind: DeploymentKind
    service: str
    version: str
    tier: Tier
    identities: tuple[Identity, ...]
    """The people behind the request or, of a record, those who recorded it."""
    at: datetime
    """When it started; when a record was deployed."""
    created_at: datetime
    approved_at: datetime | None = None
    queued_at: datetime | None = None
    started_by: str | None = None
    """The operator who started it; None if a worker did."""
    auto_start: bool = False
    automatic: bool = False
    """Whether Gatepost created it as an automatic promotion."""
    unreviewed: bool = False
    """Whether it is a rollback to a version that nobody reviewed."""
    used_break_glass: bool = False
    approvals: tuple[PastApproval, ...] = ()
    overridden: frozenset[GateKind] = frozenset()


class UpstreamDeployment(NamedTuple):
    """A deployment that went live in an environment that the policy requires, or a record of it."""

    environment: str
    service: str
    version: str
    number: int
    deployed_at: datetime
    rolled_back_at: datetime | None
    recorder: str | None = None
    """The user who recorded it; None if it was made through Gatepost."""
    identities: tuple[Identity, ...] = ()
    """The people behind it."""


class PastRollout(NamedTuple):
    """When a deployment occupied its lane."""

    service: str
    number: int
    queued_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


class PastRetirement(NamedTuple):
    """When a lane of a required environment was retired."""

    environment: str
    service: str
    at: datetime


class PastBreakGlass(NamedTuple):
    """A break-glass in the environment, and when a reviewer closed its after-review."""

    at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentHistory:
    """The facts of one environment in a span, as of one instant."""

    deployments: Sequence[PastDeployment] = ()
    upstream: Sequence[UpstreamDeployment] = ()
    rollouts: Sequence[PastRollout] = ()
    retirements: Sequence[PastRetirement] = ()
    break_glasses: Sequence[PastBreakGlass] = ()
    freezes: Sequence[Freeze] = ()
    checked_lanes: frozenset[tuple[str, str]] = frozenset()
    """The services and required environments whose targets have required checks at present."""
    is_complete: bool = True
    """Whether these are all facts: False if there are more deployments than can be replayed."""
