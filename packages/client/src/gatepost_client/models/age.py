from ..open_enum import OpenEnum


class Age(OpenEnum):
    """How long something has stood."""

    AGING = "aging"
    FRESH = "fresh"
    STALE = "stale"
