from ..open_enum import OpenEnum


class Tier(OpenEnum):
    """The importance of an environment. Rules depend on the tier, never on the name."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    STAGING = "staging"
    TEST = "test"
