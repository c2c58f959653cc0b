from ..open_enum import OpenEnum


class EvidenceFormat(OpenEnum):
    """The format in which evidence is returned."""

    DSSE = "dsse"
    JSON = "json"
    ZIP = "zip"
