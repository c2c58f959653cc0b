from ..open_enum import OpenEnum


class AcceptRecords(OpenEnum):
    """Which records of deployments made elsewhere prove that a version succeeded."""

    ANY = "any"
    NONE = "none"
    OPERATORS = "operators"
