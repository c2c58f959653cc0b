from ..open_enum import OpenEnum


class CheckState(OpenEnum):
    """The outcome of one check in a check run."""

    ERRORED = "errored"
    FAILED = "failed"
    PASSED = "passed"
    SKIPPED = "skipped"
