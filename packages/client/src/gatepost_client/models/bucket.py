from ..open_enum import OpenEnum


class Bucket(OpenEnum):
    """How long the parts of a report are; all begin at midnight UTC."""

    DAY = "day"
    MONTH = "month"
    WEEK = "week"
