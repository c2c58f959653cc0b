from ..open_enum import OpenEnum


class AnswerVerdict(OpenEnum):
    """The verdict of an answer to a GitHub job, in GitHub's terms."""

    APPROVED = "approved"
    REJECTED = "rejected"
