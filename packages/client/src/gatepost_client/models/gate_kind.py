from ..open_enum import OpenEnum


class GateKind(OpenEnum):
    """The kind of a gate: what it waits for before the deployment can start."""

    AFTER_REVIEW = "after_review"
    APPROVAL = "approval"
    FREEZE = "freeze"
    LANE = "lane"
    ORDER = "order"
    PROMOTION = "promotion"
    SOAK = "soak"
