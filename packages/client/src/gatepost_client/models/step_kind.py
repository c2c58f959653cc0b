from ..open_enum import OpenEnum


class StepKind(OpenEnum):
    """Which part of carrying a deployment out a step belongs to."""

    CHECK = "check"
    EXECUTOR = "executor"
    READY = "ready"
