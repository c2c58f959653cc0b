from ..open_enum import OpenEnum


class Role(OpenEnum):
    """What somebody may do beyond reading, which everybody who is signed in may."""

    ACT_AS = "act_as"
    ADMIN = "admin"
    AUDITOR = "auditor"
    EMERGENCY = "emergency"
    OPERATOR = "operator"
    REQUESTER = "requester"
    REVIEWER = "reviewer"
    VIEWER = "viewer"
    WORKER = "worker"
