from ..open_enum import OpenEnum


class UserKind(OpenEnum):
    """What stands behind a name."""

    HUMAN = "human"
    SERVICE = "service"
