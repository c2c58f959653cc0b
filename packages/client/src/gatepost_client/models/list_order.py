from ..open_enum import OpenEnum


class ListOrder(OpenEnum):
    """Which end of a list comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
