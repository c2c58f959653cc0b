from ..open_enum import OpenEnum


class Tier(OpenEnum):
    """How much an environment matters. Rules key on the tier, never on the name."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    STAGING = "staging"
    TEST = "test"
