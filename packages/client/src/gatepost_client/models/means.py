from ..open_enum import OpenEnum


class Means(OpenEnum):
    """How somebody else came to be able to use a credential."""

    ACCOUNT = "account"
    INVITATION = "invitation"
    RESET = "reset"
