from ..open_enum import OpenEnum


class GateKind(OpenEnum):
    """What is waited for."""

    AFTER_REVIEW = "after_review"
    APPROVAL = "approval"
    FREEZE = "freeze"
    LANE = "lane"
    ORDER = "order"
    PROMOTION = "promotion"
    SOAK = "soak"
