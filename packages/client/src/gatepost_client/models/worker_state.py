from ..open_enum import OpenEnum


class WorkerState(OpenEnum):
    """What a worker is doing."""

    IDLE = "idle"
    LOST = "lost"
    WORKING = "working"
