"""Blocked versions and promotion holds, which restrict a lane until they are removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBlock:
    """The block on a version in an environment where it was rolled back."""

    service: str
    environment: str
    version: str
    at: datetime
    by: str
    """Who rolled the version back."""
    reason: str
    deployment_id: UUID
    """The deployment that was rolled back."""
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoPromotionHold:
    """A pause in automatic promotion because a person deployed another version manually."""

    service: str
    environment: str
    version: str
    """The version that was deployed manually."""
    at: datetime
    by: str
    """Who requested that deployment."""
    deployment_id: UUID
    number: int
