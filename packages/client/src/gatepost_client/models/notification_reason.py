from ..open_enum import OpenEnum


class NotificationReason(OpenEnum):
    """Why people are notified."""

    AFTER_REVIEW_OVERDUE = "after_review_overdue"
    AFTER_REVIEW_REQUESTED = "after_review_requested"
    APPROVAL_OVERDUE = "approval_overdue"
    APPROVAL_REMINDER = "approval_reminder"
    APPROVAL_REQUESTED = "approval_requested"
    OUTCOME = "outcome"
    TEST = "test"
