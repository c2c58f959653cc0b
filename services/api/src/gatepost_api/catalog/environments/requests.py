"""Request bodies for environments."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.catalog.environments.policy_bodies import PolicyBody
from gatepost_api.schemas.base import (
    Line,
    Name,
    RequestModel,
    Text,
)
from gatepost_domain.access.command import Command
from gatepost_domain.catalog import environment
from gatepost_domain.catalog.tier import Tier

Rank = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class EnvironmentCreate(RequestModel):
    """An environment to create."""

    example = {"name": "canary", "tier": "production", "rank": 35}

    name: Name
    tier: Tier
    display_name: Line | None = None
    """A human-readable name. Defaults to `name`."""
    rank: Rank | None = None
    """The position in promotion order, lowest first. Defaults to the rank of the tier."""
    policy: PolicyBody | None = None
    """The policy of the environment. Defaults to the policy of the tier."""

    def to_domain(self, command: Command) -> environment.Environment:
        """Return the domain environment, with the first version of its policy."""
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
    """Changes to an environment. Omitted fields are unchanged."""

    example = {"display_name": "Production EU", "rank": 45}

    display_name: Line | None = None
    """The new display name."""
    tier: Tier | None = None
    """The tier. Existing deployments keep the tier they were requested with."""
    rank: Rank | None = None
    """The position in promotion order, lowest first."""
    archived: bool | None = None
    """`true` archives the environment, so that it accepts no new deployment requests; `false`
    unarchives it."""
    reason: Text | None = None
    """The reason for the change, shown to the admin who has to approve it."""

    def to_domain(self) -> environment.EnvironmentChange:
        """Return the domain change."""
        return environment.EnvironmentChange(
            display_name=self.display_name,
            tier=self.tier,
            rank=self.rank,
            archived=self.archived,
        )
