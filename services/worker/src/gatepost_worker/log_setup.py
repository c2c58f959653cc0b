"""Logging to standard error: structured lines, with secrets redacted."""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from enum import StrEnum

from gatepost_worker.foundation.redaction import redact
from gatepost_worker.foundation.trace import current_trace


class LogFormat(StrEnum):
    """The format of log lines."""

    TEXT = "text"
    """The time, the level, the logger and the message, then the fields as `name=value`."""
    JSON = "json"
    """One JSON object."""


class LogLevel(StrEnum):
    """The minimum severity of the lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def log_to_stderr(log_format: LogFormat = LogFormat.TEXT, level: LogLevel = LogLevel.INFO) -> None:
    """Write log records of this level and above to standard error, one line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(log_formatter(log_format))
    number = logging.getLevelNamesMapping()[level.name]
    logging.basicConfig(level=number, handlers=[handler], force=True)
    # httpx2 logs every request at INFO
    logging.getLogger("httpx2").setLevel(max(logging.WARNING, number))


def log_formatter(log_format: LogFormat) -> logging.Formatter:
    """Return the formatter for log lines, in the same format as the server's."""
    return _JsonFormatter() if log_format is LogFormat.JSON else _TextFormatter()


class _RedactingFormatter(logging.Formatter, ABC):
    """Formats the time as RFC 3339, and redacts secrets in messages and tracebacks."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802  # logging's API
        """Return the time of a log record in RFC 3339 format."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a log record, without secrets."""
        traceback = "" if record.exc_info is None else self.formatException(record.exc_info)
        return self.format_line(record, redact(record.getMessage()), redact(traceback))

    @abstractmethod
    def format_line(self, record: logging.LogRecord, message: str, traceback: str) -> str:
        """Return the line for a record; `traceback` is empty if there is no exception."""
        ...


class _TextFormatter(_RedactingFormatter):
    """Writes the time, the level, the logger and the message, then the trace."""

    def format_line(self, record: logging.LogRecord, message: str, traceback: str) -> str:
        """Return the line, followed by any traceback on separate lines."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {message}"
        trace = current_trace()
        line = head if trace is None else f"{head} trace_id={trace.id}"
        return f"{line}\n{traceback}" if traceback else line


class _JsonFormatter(_RedactingFormatter):
    """Writes one JSON object for each log record."""

    def format_line(self, record: logging.LogRecord, message: str, traceback: str) -> str:
        """Return the JSON object, on one line."""
        trace = current_trace()
        line = {
            "event": message,
            "logger": record.name,
            "trace_id": None if trace is None else trace.id,
            "level": record.levelname.lower(),
            "timestamp": self.formatTime(record),
            "exception": traceback or None,
        }
        return json.dumps({name: value for name, value in line.items() if value is not None})
