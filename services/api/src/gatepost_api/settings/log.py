"""Log settings: the format and level."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from gatepost_api.settings.bad_settings import BadSettings

MemberT = TypeVar("MemberT", bound=StrEnum)


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


def parse_log_format(text: str) -> LogFormat:
    """Parse the log format; raise `BadSettings` if there is no such format."""
    return _parse_choice(LogFormat, "GATEPOST_LOG_FORMAT", text)


def parse_log_level(text: str) -> LogLevel:
    """Parse the log level; raise `BadSettings` if there is no such level."""
    return _parse_choice(LogLevel, "GATEPOST_LOG_LEVEL", text)


def _parse_choice(kind: type[MemberT], name: str, text: str) -> MemberT:
    try:
        return kind(text.strip().lower())
    except ValueError:
        raise BadSettings(f"{name} is {text!r}; it must be one of {', '.join(kind)}.") from None
