"""Request bodies about environments."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.catalog.environments.policy_requests import PolicyBody
from gatepost_api.schemas.base import (
    Line,
    Name,
    RequestModel,
)
from gatepost_domain.access.command import Command
from gatepost_domain.catalog import environment
from gatepost_domain.catalog.tier import Tier

Rank = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class EnvironmentCreate(RequestModel):
    """A place where versions run."""

    example = {"name": "canary", "tier": "production", "rank": 35}

    name: Name
    tier: Tier
    display_name: Line | None = None
    """What people call it; the name where it is absent."""
    rank: Rank | None = None
    """Its place in the order of promotion, lowest first; the tier's where it is absent."""
    policy: PolicyBody | None = None
    """Its rules; the tier's where they are absent."""

    def to_domain(self, command: Command) -> environment.Environment:
        """As the domain has it, with the first version of its policy."""
        return environment.Environment(
            name=self.name,
            display_name=self.display_name or self.name,
            tier=self.tier,
            rank=environment.DEFAULT_RANKS[self.tier] if self.rank is None else self.rank,
            policy_version=1,
            created_at=command.at,
            created_by=command.actor.name,
        )


class EnvironmentChange(RequestModel):
    """What is to be different about an environment; what is left out stays as it is."""

    example = {"display_name": "Production EU", "rank": 45}

    display_name: Line | None = None
    rank: Rank | None = None
    archived: bool | None = None
    """Whether it shall take no new request."""

    def to_domain(self) -> environment.EnvironmentChange:
        """As the domain has it."""
        return environment.EnvironmentChange(
            display_name=self.display_name, rank=self.rank, archived=self.archived
        )
