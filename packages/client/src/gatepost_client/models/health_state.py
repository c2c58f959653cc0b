from ..open_enum import OpenEnum


class HealthState(OpenEnum):
    """Whether it can do its work."""

    FAILED = "failed"
    OK = "ok"
