"""Blocked versions and holds in responses."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.gates import restrictions


class VersionBlock(ResponseModel):
    """A version that was rolled back in an environment, and may not be deployed there."""

    service: str
    environment: str
    version: str
    at: Instant
    actor: str
    """Who rolled it back."""
    reason: str
    deployment_id: UUID
    """What was rolled back."""

    @classmethod
    def from_domain(cls, block: restrictions.VersionBlock) -> Self:
        """As the domain has it."""
        return cls(
            service=block.service,
            environment=block.environment,
            version=block.version,
            at=block.at,
            actor=block.by,
            reason=block.reason,
            deployment_id=block.deployment_id,
        )


class Hold(ResponseModel):
    """That nothing is promoted to an environment by itself: a person chose another version."""

    service: str
    environment: str
    version: str
    """What they deployed."""
    at: Instant
    actor: str
    """Who asked for it."""
    deployment_id: UUID

    @classmethod
    def from_domain(cls, hold: restrictions.PromotionHold) -> Self:
        """As the domain has it."""
        return cls(
            service=hold.service,
            environment=hold.environment,
            version=hold.version,
            at=hold.at,
            actor=hold.by,
            deployment_id=hold.deployment_id,
        )


class Restrictions(ResponseModel):
    """What of a service may not be deployed until somebody lets it."""

    blocks: list[VersionBlock]
    """By environment, then by version."""
    holds: list[Hold]
    """By environment."""
