from ..open_enum import OpenEnum


class GateKind(OpenEnum):
    """What a deployment waits for before it can start."""

    AFTER_REVIEW = "after_review"
    APPROVAL = "approval"
    FREEZE = "freeze"
    LANE = "lane"
    ORDER = "order"
    PROMOTION = "promotion"
    SOAK = "soak"
