from ..open_enum import OpenEnum


class StepState(OpenEnum):
    """Where a step stands."""

    ERRORED = "errored"
    FAILED = "failed"
    PASSED = "passed"
    RUNNING = "running"
