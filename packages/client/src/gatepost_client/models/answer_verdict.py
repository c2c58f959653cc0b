from ..open_enum import OpenEnum


class AnswerVerdict(OpenEnum):
    """The answer, in the words of GitHub."""

    APPROVED = "approved"
    REJECTED = "rejected"
