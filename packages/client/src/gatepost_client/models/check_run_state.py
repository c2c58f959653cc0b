from ..open_enum import OpenEnum


class CheckRunState(OpenEnum):
    """The state of a check run."""

    FINISHED = "finished"
    LOST = "lost"
    QUEUED = "queued"
    RUNNING = "running"
