from ..open_enum import OpenEnum


class GateState(OpenEnum):
    """Whether the gate allows the deployment to start."""

    CLOSED = "closed"
    OPEN = "open"
    OVERRIDDEN = "overridden"
    WAITING = "waiting"
