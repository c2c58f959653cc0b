from ..open_enum import OpenEnum


class OnConflict(OpenEnum):
    """What an import does with a row whose external id is taken by a different record."""

    REFUSE = "refuse"
    SKIP = "skip"
