from ..open_enum import OpenEnum


class EvidenceFormat(OpenEnum):
    """In which form evidence is handed over."""

    JSON = "json"
    ZIP = "zip"
