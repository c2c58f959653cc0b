from ..open_enum import OpenEnum


class RollbackApprovals(OpenEnum):
    """Which approvals a rollback requires."""

    NONE = "none"
    SAME = "same"
