"""Blocked versions and promotion holds, which restrict a lane until somebody removes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBlock:
    """The block of a version in an environment where it was rolled back."""

    service: str
    environment: str
    version: str
    at: datetime
    by: str
    """Who rolled it back."""
    reason: str
    deployment_id: UUID
    """The deployment that was rolled back."""
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoPromotionHold:
    """A pause of automatic promotion, because a person deployed another version manually."""

    service: str
    environment: str
    version: str
    """The version that was deployed manually."""
    at: datetime
    by: str
    """Who requested it."""
    deployment_id: UUID
    number: int
