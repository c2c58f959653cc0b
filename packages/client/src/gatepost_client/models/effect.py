from ..open_enum import OpenEnum


class Effect(OpenEnum):
    """What a freeze does to the starts of its scope."""

    ALLOW = "allow"
    DENY = "deny"
