from ..open_enum import OpenEnum


class RequiresMode(OpenEnum):
    """Where a version must have done well before it may start."""

    ALL = "all"
    ANY = "any"
