from ..open_enum import OpenEnum


class RecipientKind(OpenEnum):
    """The kind of a channel's recipient."""

    GROUP = "group"
    TEAM = "team"
    USER = "user"
