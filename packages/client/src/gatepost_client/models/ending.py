from ..open_enum import OpenEnum


class Ending(OpenEnum):
    """The outcome of a rollout, as its worker reports it."""

    FAILED = "failed"
    SUCCEEDED = "succeeded"
