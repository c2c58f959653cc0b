from ..open_enum import OpenEnum


class IndependentReviewers(OpenEnum):
    """What happens if a reviewer is not independent of the requester or an earlier reviewer."""

    MARKED = "marked"
    REQUIRED = "required"
