"""Environment tiers."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """The importance of an environment. Rules depend on the tier, never on the name."""

    DEVELOPMENT = "development"
    """For experiments."""
    TEST = "test"
    """For automated tests."""
    STAGING = "staging"
    """For acceptance tests by people."""
    PRODUCTION = "production"
    """For real use: risk notes are required, and new environments start with approval stages."""
