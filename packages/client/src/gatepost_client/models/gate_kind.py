from ..open_enum import OpenEnum


class GateKind(OpenEnum):
    """What is waited for."""

    APPROVAL = "approval"
    LANE = "lane"
    ORDER = "order"
