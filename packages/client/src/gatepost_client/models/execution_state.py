from ..open_enum import OpenEnum


class ExecutionState(OpenEnum):
    """The state of a worker-run deployment."""

    FAILED = "FAILED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
