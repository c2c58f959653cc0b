from ..open_enum import OpenEnum


class LaneMode(OpenEnum):
    """What happens when several deployments wait for one lane."""

    QUEUE = "queue"
    REJECT = "reject"
    SUPERSEDE = "supersede"
