"""What may not be deployed to a lane until somebody lets it: blocked versions, and promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBlock:
    """A version was rolled back somewhere and may not be deployed there again."""

    service: str
    environment: str
    version: str
    at: datetime
    by: str
    """Who rolled it back."""
    reason: str
    deployment_id: UUID
    """What was rolled back."""
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionHold:
    """A person deployed another version by hand, so nothing is promoted there by itself."""

    service: str
    environment: str
    version: str
    """What they deployed."""
    at: datetime
    by: str
    """Who asked for it."""
    deployment_id: UUID
    number: int
