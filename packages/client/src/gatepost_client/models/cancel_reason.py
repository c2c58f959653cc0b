from ..open_enum import OpenEnum


class CancelReason(OpenEnum):
    """Why a deployment ended before it started."""

    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
