from ..open_enum import OpenEnum


class Verdict(OpenEnum):
    """A reviewer's verdict on a break-glass approval."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
