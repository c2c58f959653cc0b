from ..open_enum import OpenEnum


class DisabledReason(OpenEnum):
    """Why a webhook is disabled."""

    ADMIN = "admin"
    FAILING = "failing"
    GONE = "gone"
