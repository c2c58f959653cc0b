from ..open_enum import OpenEnum


class DeploymentKind(OpenEnum):
    """How a deployment was created."""

    PROMOTION = "promotion"
    RECORD = "record"
    REQUEST = "request"
    ROLLBACK = "rollback"
