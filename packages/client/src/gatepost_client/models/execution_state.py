from ..open_enum import OpenEnum


class ExecutionState(OpenEnum):
    """The state of a rollout, in the terms that build servers use."""

    FAILED = "FAILED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
