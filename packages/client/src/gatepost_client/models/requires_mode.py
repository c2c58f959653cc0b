from ..open_enum import OpenEnum


class RequiresMode(OpenEnum):
    """In how many of the required environments a version must have succeeded."""

    ALL = "all"
    ANY = "any"
