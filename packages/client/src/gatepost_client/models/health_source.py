from ..open_enum import OpenEnum


class HealthSource(OpenEnum):
    """The source of the resource values."""

    DECLARED = "declared"
