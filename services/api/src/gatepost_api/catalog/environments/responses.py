"""Responses for environments."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import (
    Instant,
    ResponseModel,
)
from gatepost_domain.catalog import environment
from gatepost_domain.catalog.tier import Tier


class Environment(ResponseModel):
    """An environment in which versions run."""

    example = {
        "name": "production",
        "display_name": "Production",
        "tier": "production",
        "was_production": True,
        "rank": 40,
        "policy_version": 1,
        "archived": False,
        "created_at": "2026-11-29T18:03:10.738001Z",
        "created_by": "system",
        "revision": 1,
    }

    name: str
    """The name, which never changes."""
    display_name: str
    """The human-readable name of the environment."""
    tier: Tier
    was_production: bool
    """Whether the tier is, or ever was, `production`. If true, this value never changes, and a
    deployment that starts here without a human's approval is permanently marked as
    `review.waived`."""
    rank: int
    """The position in promotion order, lowest first."""
    policy_version: int
    """The current version of the policy."""
    archived: bool
    """Whether the environment is archived. An archived environment accepts no new deployment
    requests; its history remains."""
    created_at: Instant
    """When the environment was created."""
    created_by: str
    """Who created the environment."""
    revision: int
    """The revision number: starts at 1 and increases with every change, including policy changes.
    Also the ETag."""

    @classmethod
    def from_domain(cls, environment: environment.Environment) -> Self:
        """Map a domain environment to its response."""
        return cls(
            name=environment.name,
            display_name=environment.display_name,
            tier=environment.tier,
            was_production=environment.was_production,
            rank=environment.rank,
            policy_version=environment.policy_version,
            archived=environment.archived_at is not None,
            created_at=environment.created_at,
            created_by=environment.created_by,
            revision=environment.revision,
        )


class EnvironmentPage(ResponseModel):
    """A page of environments, in promotion order."""

    items: list[Environment]
    """The items of this page."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""
