from ..open_enum import OpenEnum


class ExecutionState(OpenEnum):
    """How far the workers are."""

    FAILED = "FAILED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
