from ..open_enum import OpenEnum


class DeliveryState(OpenEnum):
    """Whether a delivery is pending, was delivered or has failed."""

    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    FAILED = "failed"
    PENDING = "pending"
