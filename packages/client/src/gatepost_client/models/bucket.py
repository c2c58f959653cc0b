from ..open_enum import OpenEnum


class Bucket(OpenEnum):
    """The length of a report's buckets. Buckets start and end at midnight UTC."""

    DAY = "day"
    MONTH = "month"
    WEEK = "week"
