from ..open_enum import OpenEnum


class ExportFormat(OpenEnum):
    """The format of an export."""

    CSV = "csv"
    JSONL = "jsonl"
    ZIP = "zip"
