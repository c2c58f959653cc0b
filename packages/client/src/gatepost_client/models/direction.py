from ..open_enum import OpenEnum


class Direction(OpenEnum):
    """Whether a deployment's version is later than the one it replaces."""

    BACKWARD = "backward"
    FIRST = "first"
    FORWARD = "forward"
    SAME = "same"
