from ..open_enum import OpenEnum


class UserKind(OpenEnum):
    """Whether a user is a person or a program."""

    HUMAN = "human"
    SERVICE = "service"
