from ..open_enum import OpenEnum


class NotificationState(OpenEnum):
    """Whether a notification is pending, was sent, has failed or was dropped."""

    DROPPED = "dropped"
    FAILED = "failed"
    PENDING = "pending"
    SENT = "sent"
