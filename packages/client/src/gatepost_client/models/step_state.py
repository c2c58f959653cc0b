from ..open_enum import OpenEnum


class StepState(OpenEnum):
    """Whether a step is in progress and, if it is not, how it ended."""

    ERRORED = "errored"
    FAILED = "failed"
    PASSED = "passed"
    RUNNING = "running"
