from ..open_enum import OpenEnum


class GateState(OpenEnum):
    """Whether the gate lets the deployment through."""

    CLOSED = "closed"
    OPEN = "open"
    OVERRIDDEN = "overridden"
    WAITING = "waiting"
