from ..open_enum import OpenEnum


class CheckRunState(OpenEnum):
    """Whether a check run is waiting, running, finished or lost."""

    FINISHED = "finished"
    LOST = "lost"
    QUEUED = "queued"
    RUNNING = "running"
