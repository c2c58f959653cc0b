from ..open_enum import OpenEnum


class DeliveryState(OpenEnum):
    """What came of a delivery."""

    APPLIED = "applied"
    FAILED = "failed"
    IGNORED = "ignored"
