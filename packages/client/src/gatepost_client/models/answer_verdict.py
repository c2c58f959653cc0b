from ..open_enum import OpenEnum


class AnswerVerdict(OpenEnum):
    """What GitHub is told, in its own words."""

    APPROVED = "approved"
    REJECTED = "rejected"
