from ..open_enum import OpenEnum


class RollbackApprovals(OpenEnum):
    """Which review a rollback needs."""

    NONE = "none"
    SAME = "same"
