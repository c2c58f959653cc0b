from ..open_enum import OpenEnum


class AnswerState(OpenEnum):
    """Whether an answer to a GitHub job is waiting, was sent or has failed."""

    FAILED = "failed"
    SENT = "sent"
    WAITING = "waiting"
