from ..open_enum import OpenEnum


class MappedOutcome(OpenEnum):
    """What a status in a payload says about a deployment."""

    FAILED = "failed"
    IGNORED = "ignored"
    SUCCEEDED = "succeeded"
