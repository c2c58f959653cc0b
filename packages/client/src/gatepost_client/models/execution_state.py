from ..open_enum import OpenEnum


class ExecutionState(OpenEnum):
    """The state of a rollout, named as build servers name it."""

    FAILED = "FAILED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCESS = "SUCCESS"
