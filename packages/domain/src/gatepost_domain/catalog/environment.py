"""Environments and the versions of their policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier

DEFAULT_RANKS: Final = {Tier.DEVELOPMENT: 10, Tier.TEST: 20, Tier.STAGING: 30, Tier.PRODUCTION: 40}
"""Maps each tier to the default rank of its environments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A place where versions run."""

    name: str
    display_name: str
    tier: Tier
    rank: int
    """The position in the promotion order, lowest first."""
    policy_version: int
    """The version of the policy in force."""
    created_at: datetime
    created_by: str
    revision: int = 1
    """Starts at 1 and increases with every change, including changes to the policy."""
    archived_at: datetime | None = None
    """When it was archived; an archived environment accepts no new requests. None while it is
    active."""
    was_production: bool = False
    """Whether its tier is, or ever was, `production`; once true, this stays true."""

    def __post_init__(self) -> None:
        """Set `was_production` if the tier is `production`, so that later revisions keep it."""
        if self.tier is Tier.PRODUCTION:
            object.__setattr__(self, "was_production", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentChange:
    """A change to an environment. Fields that are None stay unchanged."""

    display_name: str | None = None
    tier: Tier | None = None
    rank: int | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One version of an environment's policy, in force from `created_at` until the next version."""

    environment: str
    version: int
    policy: Policy
    created_at: datetime
    created_by: str
