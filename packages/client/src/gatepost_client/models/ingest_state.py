from ..open_enum import OpenEnum


class IngestState(OpenEnum):
    """The result of processing a delivery."""

    APPLIED = "applied"
    FAILED = "failed"
    IGNORED = "ignored"
