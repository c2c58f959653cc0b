from ..open_enum import OpenEnum


class Means(OpenEnum):
    """How another person became able to use a credential."""

    ACCOUNT = "account"
    INVITATION = "invitation"
    RESET = "reset"
