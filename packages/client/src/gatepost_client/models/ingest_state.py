from ..open_enum import OpenEnum


class IngestState(OpenEnum):
    """What came of a delivery."""

    APPLIED = "applied"
    FAILED = "failed"
    IGNORED = "ignored"
