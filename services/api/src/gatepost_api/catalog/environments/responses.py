"""Environments in responses."""

from __future__ import annotations

from typing import Self

from gatepost_api.schemas.base import (
    Instant,
    ResponseModel,
)
from gatepost_domain.catalog import environment
from gatepost_domain.catalog.tier import Tier


class Environment(ResponseModel):
    """A place where versions run."""

    name: str
    display_name: str
    tier: Tier
    rank: int
    policy_version: int
    """The version of its policy in force."""
    archived: bool
    """Whether it is kept for its history alone, and takes no new request."""
    created_at: Instant
    created_by: str
    revision: int
    """Counts its changes, those of its policy among them; it is also the ETag."""

    @classmethod
    def from_domain(cls, environment: environment.Environment) -> Self:
        """As the domain has it."""
        return cls(
            name=environment.name,
            display_name=environment.display_name,
            tier=environment.tier,
            rank=environment.rank,
            policy_version=environment.policy_version,
            archived=environment.archived_at is not None,
            created_at=environment.created_at,
            created_by=environment.created_by,
            revision=environment.revision,
        )


class EnvironmentPage(ResponseModel):
    """Environments, in the order of promotion."""

    items: list[Environment]
    next_cursor: str | None
