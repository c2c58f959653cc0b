from ..open_enum import OpenEnum


class MappedOutcome(OpenEnum):
    """The deployment outcome that a status value in a payload maps to."""

    FAILED = "failed"
    IGNORED = "ignored"
    SUCCEEDED = "succeeded"
