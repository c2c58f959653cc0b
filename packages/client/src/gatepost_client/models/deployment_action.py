from ..open_enum import OpenEnum


class DeploymentAction(OpenEnum):
    """What an actor does to a deployment."""

    APPROVE = "approve"
    CANCEL = "cancel"
    CLAIM = "claim"
    FAIL = "fail"
    REJECT = "reject"
    ROLLBACK = "rollback"
    START = "start"
    SUCCEED = "succeed"
