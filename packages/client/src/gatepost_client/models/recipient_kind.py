from ..open_enum import OpenEnum


class RecipientKind(OpenEnum):
    """Whether a channel notifies a person, a group or a team."""

    GROUP = "group"
    TEAM = "team"
    USER = "user"
