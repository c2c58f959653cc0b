from ..open_enum import OpenEnum


class RequiresMode(OpenEnum):
    """Whether a version must have succeeded in all or in any of the required environments."""

    ALL = "all"
    ANY = "any"
