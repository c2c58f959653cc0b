"""Log settings: the format and level."""

from __future__ import annotations

from enum import StrEnum


class LogFormat(StrEnum):
    """The format of log lines."""

    TEXT = "text"
    """The time, level, logger and message, followed by the fields as `name=value`."""
    JSON = "json"
    """One JSON object per line."""


class LogLevel(StrEnum):
    """The minimum severity of the lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
