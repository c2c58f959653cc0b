"""The recorded history that a simulation replays.

It can have very many entries, so the types of the entries are named tuples.
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
"""The maximum number of the environment's deployments that one simulation replays."""
MAX_UPSTREAM_DEPLOYMENTS: Final = 1_000_000
"""The maximum number of deployments in required environments that one simulation considers."""


class PastApproval(NamedTuple):
    """An approval that counted when the deployment started."""

    actor: str
    is_dependent: bool
    """Whether the reviewer was dependent on another person behind the deployment."""


class PastDeployment(NamedTuple):
    """A deployment that started, or a record, with the data on which its gates depend."""

    number: int
    kind: DeploymentKind
    service: str
    version: str
    tier: Tier
    identities: tuple[Identity, ...]
    """The people behind the request or, for a record, the people who recorded it."""
    at: datetime
    """When it started or, for a record, when it was deployed."""
    created_at: datetime
    approved_at: datetime | None = None
    queued_at: datetime | None = None
    started_by: str | None = None
    """The operator who started it; None if a worker did."""
    auto_start: bool = False
    automatic: bool = False
    """Whether Gatepost created it as an automatic promotion."""
    unreviewed: bool = False
    """Whether it is a rollback to a version that was never reviewed."""
    used_break_glass: bool = False
    approvals: tuple[PastApproval, ...] = ()
    overridden: frozenset[GateKind] = frozenset()


class UpstreamDeployment(NamedTuple):
    """A deployment, possibly a record, that went live in an environment the policy requires."""

    environment: str
    service: str
    version: str
    number: int
    deployed_at: datetime
    rolled_back_at: datetime | None
    recorder: str | None = None
    """The user who recorded it; None if it was made through Gatepost."""
    recorded_at: datetime | None = None
    """When it was recorded; None if it was made through Gatepost."""
    identities: tuple[Identity, ...] = ()
    """The people behind the deployment."""


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
    """A break-glass approval in the environment, and when a reviewer closed its after-review."""

    at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentHistory:
    """An environment's history in a span, as of one instant."""

    deployments: Sequence[PastDeployment] = ()
    upstream: Sequence[UpstreamDeployment] = ()
    rollouts: Sequence[PastRollout] = ()
    retirements: Sequence[PastRetirement] = ()
    break_glasses: Sequence[PastBreakGlass] = ()
    freezes: Sequence[Freeze] = ()
    checked_lanes: frozenset[tuple[str, str]] = frozenset()
    """The services and required environments whose targets currently have required checks."""
    is_complete: bool = True
    """Whether the history is complete; False if there are more deployments than can be replayed."""
