from ..open_enum import OpenEnum


class RecipientKind(OpenEnum):
    """Whose channel it is."""

    GROUP = "group"
    TEAM = "team"
    USER = "user"
