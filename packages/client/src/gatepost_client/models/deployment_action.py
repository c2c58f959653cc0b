from ..open_enum import OpenEnum


class DeploymentAction(OpenEnum):
    """An action on a deployment."""

    AFTER_REVIEW = "after_review"
    APPROVE = "approve"
    BREAK_GLASS = "break_glass"
    CANCEL = "cancel"
    CLAIM = "claim"
    FAIL = "fail"
    OVERRIDE = "override"
    PROMOTE = "promote"
    REJECT = "reject"
    RETRY = "retry"
    ROLLBACK = "rollback"
    START = "start"
    SUCCEED = "succeed"
    WITHDRAW = "withdraw"
