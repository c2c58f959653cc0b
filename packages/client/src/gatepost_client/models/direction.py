from ..open_enum import OpenEnum


class Direction(OpenEnum):
    """Whether a deployment brings a later version than the one that it replaces."""

    BACKWARD = "backward"
    FIRST = "first"
    FORWARD = "forward"
    SAME = "same"
