from ..open_enum import OpenEnum


class DigestPeriod(OpenEnum):
    """Whether notifications are collected."""

    DAILY = "daily"
    HOURLY = "hourly"
    NONE = "none"
