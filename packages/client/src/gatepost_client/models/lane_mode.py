from ..open_enum import OpenEnum


class LaneMode(OpenEnum):
    """What becomes of the others where several wait for one lane."""

    QUEUE = "queue"
    REJECT = "reject"
    SUPERSEDE = "supersede"
