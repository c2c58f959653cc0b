from ..open_enum import OpenEnum


class HealthState(OpenEnum):
    """Whether the server is healthy."""

    FAILED = "failed"
    OK = "ok"
