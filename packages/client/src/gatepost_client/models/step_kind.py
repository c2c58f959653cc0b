from ..open_enum import OpenEnum


class StepKind(OpenEnum):
    """The part of a rollout that a step belongs to."""

    CHECK = "check"
    EXECUTOR = "executor"
    READY = "ready"
