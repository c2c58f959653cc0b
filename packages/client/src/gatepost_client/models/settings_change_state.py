from ..open_enum import OpenEnum


class SettingsChangeState(OpenEnum):
    """Whether a settings change was decided, and how."""

    APPLIED = "applied"
    PENDING = "pending"
    REJECTED = "rejected"
    STALE = "stale"
