from ..open_enum import OpenEnum


class ListOrder(OpenEnum):
    """The sort order of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"
