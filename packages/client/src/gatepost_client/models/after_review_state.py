from ..open_enum import OpenEnum


class AfterReviewState(OpenEnum):
    """The state of the after-review of a break-glass approval."""

    CLOSED = "closed"
    OPEN = "open"
    OVERDUE = "overdue"
