from ..open_enum import OpenEnum


class ExecutionMode(OpenEnum):
    """Who carries a started deployment out."""

    OPERATOR = "operator"
    WORKER = "worker"
