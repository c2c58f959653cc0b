"""What can be deployed and where: services, their versions, and environments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier

DEFAULT_RANKS: Final = {Tier.DEVELOPMENT: 10, Tier.TEST: 20, Tier.STAGING: 30, Tier.PRODUCTION: 40}
"""Where an environment of a tier stands in the order of promotion, unless it says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A place where versions run."""

    name: str
    display_name: str
    tier: Tier
    rank: int
    """Its place in the order of promotion, lowest first."""
    policy_version: int
    """The policy in force."""
    created_at: datetime
    created_by: str
    revision: int = 1
    """Counts its changes from 1, those of its policy among them."""
    archived_at: datetime | None = None
    """From when on it takes no new request; none while it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentChange:
    """What is to be different about an environment; what is none stays as it is."""

    display_name: str | None = None
    rank: int | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """An environment's policy as it stood from `created_at` until the next version."""

    environment: str
    version: int
    policy: Policy
    created_at: datetime
    created_by: str
