from ..open_enum import OpenEnum


class NotificationState(OpenEnum):
    """The state of a notification."""

    DROPPED = "dropped"
    FAILED = "failed"
    PENDING = "pending"
    SENT = "sent"
