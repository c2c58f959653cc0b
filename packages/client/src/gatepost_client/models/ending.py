from ..open_enum import OpenEnum


class Ending(OpenEnum):
    """How a worker found a deployment to end."""

    FAILED = "failed"
    SUCCEEDED = "succeeded"
