from ..open_enum import OpenEnum


class HealthSource(OpenEnum):
    """The source of `pod_count`, `cpu_usage` and `memory_usage`."""

    DECLARED = "declared"
