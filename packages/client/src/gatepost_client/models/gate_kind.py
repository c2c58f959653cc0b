from ..open_enum import OpenEnum


class GateKind(OpenEnum):
    """What is waited for."""

    APPROVAL = "approval"
    FREEZE = "freeze"
    LANE = "lane"
    ORDER = "order"
