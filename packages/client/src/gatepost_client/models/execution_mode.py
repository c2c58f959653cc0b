from ..open_enum import OpenEnum


class ExecutionMode(OpenEnum):
    """Who executes a deployment."""

    OPERATOR = "operator"
    WORKER = "worker"
