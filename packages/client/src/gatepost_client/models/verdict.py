from ..open_enum import OpenEnum


class Verdict(OpenEnum):
    """What a reviewer thinks of a break-glass afterwards."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
