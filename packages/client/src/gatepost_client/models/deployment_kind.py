from ..open_enum import OpenEnum


class DeploymentKind(OpenEnum):
    """Where a deployment came from."""

    PROMOTION = "promotion"
    RECORD = "record"
    REQUEST = "request"
    ROLLBACK = "rollback"
