from ..open_enum import OpenEnum


class Role(OpenEnum):
    """What a user may do in addition to reading. Every signed-in user may read."""

    ACT_AS = "act_as"
    ADMIN = "admin"
    AUDITOR = "auditor"
    EMERGENCY = "emergency"
    OPERATOR = "operator"
    REQUESTER = "requester"
    REVIEWER = "reviewer"
    VIEWER = "viewer"
    WORKER = "worker"
