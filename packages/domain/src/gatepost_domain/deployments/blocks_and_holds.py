"""Restrictions of a lane that last until somebody removes them: blocked versions and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBlock:
    """A version was rolled back in an environment and cannot be deployed there again."""

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
class PromotionHold:
    """A person deployed another version manually, so automatic promotion there is paused."""

    service: str
    environment: str
    version: str
    """The version that was deployed manually."""
    at: datetime
    by: str
    """Who requested it."""
    deployment_id: UUID
    number: int
