"""The tier of an environment."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """How much an environment matters. Rules key on the tier, never on the name."""

    DEVELOPMENT = "development"
    """Where people try things."""
    TEST = "test"
    """Where machines judge a version."""
    STAGING = "staging"
    """Where people judge a version."""
    PRODUCTION = "production"
    """Where it matters: risk notes are required and review is the default."""
