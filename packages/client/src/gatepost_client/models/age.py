from ..open_enum import OpenEnum


class Age(OpenEnum):
    """How long a deployment has been live."""

    AGING = "aging"
    FRESH = "fresh"
    STALE = "stale"
