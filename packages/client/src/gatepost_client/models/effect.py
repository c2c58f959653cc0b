from ..open_enum import OpenEnum


class Effect(OpenEnum):
    """How a freeze affects starts in its scope."""

    ALLOW = "allow"
    DENY = "deny"
