from ..open_enum import OpenEnum


class UnknownActor(OpenEnum):
    """What happens if no user has the login of the person that a payload names."""

    MARK = "mark"
    REFUSE = "refuse"
