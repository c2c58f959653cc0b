from ..open_enum import OpenEnum


class DigestPeriod(OpenEnum):
    """Whether notifications are collected into digests, and how often these are sent."""

    DAILY = "daily"
    HOURLY = "hourly"
    NONE = "none"
