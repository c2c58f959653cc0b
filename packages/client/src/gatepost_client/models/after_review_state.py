from ..open_enum import OpenEnum


class AfterReviewState(OpenEnum):
    """How far the review after a break-glass is."""

    CLOSED = "closed"
    OPEN = "open"
    OVERDUE = "overdue"
