from ..open_enum import OpenEnum


class SettingsKind(OpenEnum):
    """What a settings change concerns."""

    ENVIRONMENT = "environment"
    POLICY = "policy"
    TARGET = "target"
    USER = "user"
