"""Responses for blocked versions and promotion holds."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.deployments import blocks_and_holds as restrictions


class VersionBlock(ResponseModel):
    """A version that was rolled back in an environment and cannot be deployed there."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: str
    """The blocked version."""
    at: Instant
    """When the version was blocked."""
    actor: str
    """Who rolled the version back."""
    reason: str
    """Why the version was blocked."""
    deployment_id: UUID
    """The deployment that was rolled back."""

    @classmethod
    def from_domain(cls, block: restrictions.VersionBlock) -> Self:
        """Map a domain block to its response."""
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
    """A hold on automatic promotion, set when a person deploys a different version."""

    service: str
    """The service's name."""
    environment: str
    """The environment's name."""
    version: str
    """The version that the person deployed."""
    at: Instant
    """When the hold was set."""
    actor: str
    """Who requested the deployment that set the hold."""
    deployment_id: UUID
    """The deployment that set the hold."""

    @classmethod
    def from_domain(cls, hold: restrictions.AutoPromotionHold) -> Self:
        """Map a domain hold to its response."""
        return cls(
            service=hold.service,
            environment=hold.environment,
            version=hold.version,
            at=hold.at,
            actor=hold.by,
            deployment_id=hold.deployment_id,
        )


class Restrictions(ResponseModel):
    """The blocked versions of a service and the holds on its automatic promotion."""

    blocks: list[VersionBlock]
    """The blocked versions, ordered by environment, then by version."""
    holds: list[Hold]
    """The promotion holds, ordered by environment."""
