from ..open_enum import OpenEnum


class Age(OpenEnum):
    """A category for how long a deployment has been live."""

    AGING = "aging"
    FRESH = "fresh"
    STALE = "stale"
