from ..open_enum import OpenEnum


class DeliveryState(OpenEnum):
    """The state of a delivery."""

    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    FAILED = "failed"
    PENDING = "pending"
