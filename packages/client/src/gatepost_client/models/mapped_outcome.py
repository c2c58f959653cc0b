from ..open_enum import OpenEnum


class MappedOutcome(OpenEnum):
    """The outcome of a deployment that a status in a payload stands for."""

    FAILED = "failed"
    IGNORED = "ignored"
    SUCCEEDED = "succeeded"
