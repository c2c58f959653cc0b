from ..open_enum import OpenEnum


class AnswerState(OpenEnum):
    """The state of an answer."""

    FAILED = "failed"
    SENT = "sent"
    WAITING = "waiting"
