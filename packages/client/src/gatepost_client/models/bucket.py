from ..open_enum import OpenEnum


class Bucket(OpenEnum):
    """The length of the buckets of a report; they begin at midnight UTC."""

    DAY = "day"
    MONTH = "month"
    WEEK = "week"
