from ..open_enum import OpenEnum


class Verdict(OpenEnum):
    """A reviewer's verdict on a break-glass."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
