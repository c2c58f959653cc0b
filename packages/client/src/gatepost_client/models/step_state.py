from ..open_enum import OpenEnum


class StepState(OpenEnum):
    """The state of a step."""

    ERRORED = "errored"
    FAILED = "failed"
    PASSED = "passed"
    RUNNING = "running"
