"""Logging to standard error: structured lines, with secrets redacted."""

from __future__ import annotations

import json
import logging
import re
from enum import StrEnum
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from gatepost_worker.foundation.trace import current_trace

_SECRETS: Final = re.compile(
    r"(?P<token>gp_[a-z]_)[0-9A-Za-z]{8,}"
    r"|(?P<webhook_secret>whsec_)[0-9A-Za-z+/=]{8,}"
    r"|(?P<authorization>(?:bearer|basic)\s+)[^\s\"',;]+",
    re.IGNORECASE,
)


class LogFormat(StrEnum):
    """How a line of the log is written."""

    TEXT = "text"
    """The time, the level, the logger and the message, then the fields as `name=value`."""
    JSON = "json"
    """One JSON object."""


class LogLevel(StrEnum):
    """The least severe lines that are written."""

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
    """Return the formatter of the lines."""
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        _add_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_values,
            _render_json if log_format is LogFormat.JSON else _render_text,
        ],
    )


def _add_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Add the id of the trace of the task, with which the server logs the requests for it."""
    trace = current_trace()
    if trace is not None:
        line["trace_id"] = trace.id
    return line


def _redact_values(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = _SECRETS.sub(_redact, value)
    return line


def _redact(match: re.Match[str]) -> str:
    prefix = next(filter(None, match.groups()))
    return f"{prefix}***"


def _render_text(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    head = (line.pop("timestamp"), line.pop("level").upper(), line.pop("logger"))
    message, traceback = line.pop("event"), line.pop("exception", None)
    fields = (f"{name}={value}" for name, value in line.items())
    text = " ".join((*head, str(message), *fields))
    return text if traceback is None else f"{text}\n{traceback}"


def _render_json(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    return json.dumps(line, default=repr)
