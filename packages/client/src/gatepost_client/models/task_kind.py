from ..open_enum import OpenEnum


class TaskKind(OpenEnum):
    """A kind of task that a worker can claim."""

    CHECK_RUN = "check_run"
    DEPLOYMENT = "deployment"
    NOTIFICATION = "notification"
    PROTECTION_ANSWER = "protection_answer"
    WEBHOOK_DELIVERY = "webhook_delivery"
