from ..open_enum import OpenEnum


class EvidenceFormat(OpenEnum):
    """The format in which evidence is returned."""

    JSON = "json"
    ZIP = "zip"
