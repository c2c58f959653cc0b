"""Logging setup: structured lines on standard error, without secrets."""

from __future__ import annotations

import logging
from typing import Final

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from gatepost_api.observability.redaction import redact
from gatepost_api.observability.request_ids import current_request
from gatepost_api.settings.log import LogFormat, LogLevel

NOISY_LOGGERS: Final = ("alembic", "httpx2")  # httpx2 logs every URL at INFO


def configure_logging(
    log_format: LogFormat = LogFormat.TEXT, level: LogLevel = LogLevel.INFO
) -> None:
    """Write log lines of this level and above to standard error, in the given format."""
    handler = logging.StreamHandler()
    handler.setFormatter(log_formatter(log_format))
    logging.basicConfig(level=_number(level), handlers=[handler], force=True)
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, _number(level)))


def log_formatter(log_format: LogFormat) -> logging.Formatter:
    """Return the formatter for records of the logging package."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *_SHARED],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_values,
            _render_json if log_format is LogFormat.JSON else _render_text,
        ],
    )


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.name]


def _add_request(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Add the ids of the request being answered and of its trace."""
    request = current_request()
    if request is not None:
        line["request_id"] = request.id
        if request.traceparent is not None:
            line["trace_id"] = request.trace_id
    return line


def _redact_values(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = redact(value)
    return line


def _render_text(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    """Return `time LEVEL logger message name=value …`, followed by any traceback on extra lines."""
    head = (line.pop("timestamp"), line.pop("level").upper(), line.pop("logger", "gatepost"))
    message, traceback = line.pop("event"), line.pop("exception", None)
    fields = (f"{name}={_text_value(value)}" for name, value in line.items() if value is not None)
    text = " ".join((*head, str(message), *fields))
    return text if traceback is None else f"{text}\n{traceback}"


def _text_value(value: object) -> str:
    text = str(value)
    is_plain = text.isprintable() and text.isascii() and not set(text) & set(" \"'=")
    return text if is_plain and text else msgspec.json.encode(text).decode()


def _render_json(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    return msgspec.json.encode(line, enc_hook=repr).decode()


_SHARED: Final[tuple[Processor, ...]] = (
    _add_request,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
