from ..open_enum import OpenEnum


class Difference(OpenEnum):
    """How the second state differs from the first."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
