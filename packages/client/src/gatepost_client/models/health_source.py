from ..open_enum import OpenEnum


class HealthSource(OpenEnum):
    """Where the figures come from."""

    DECLARED = "declared"
