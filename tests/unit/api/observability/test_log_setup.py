"""The lines of the log, as text and as JSON."""

from __future__ import annotations

import io
import json
import logging

import pytest

from gatepost_api.observability.log_setup import log_formatter
from gatepost_api.observability.request_ids import identified_as, identify_request
from gatepost_api.observability.request_log import RequestLog, loggable_path
from gatepost_api.settings.log import LogFormat, LogLevel

REQUEST = identify_request(
    [
        (b"x-request-id", b"run-42"),
        (b"traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ]
)


def write_request(log_format: LogFormat, level: LogLevel = LogLevel.INFO, status: int = 200) -> str:
    """Return the line of a request."""
    output = io.BytesIO()
    RequestLog(output, log_format, level).write(
        REQUEST,
        method="GET",
        raw_path=b"/api/v1/deployments/DEP-9",
        operation="get_deployment",
        actor="ada",
        status=status,
        duration_s=0.0123456,
    )
    return output.getvalue().decode()


def test_request_as_json() -> None:
    """A request is one JSON object with everything that identifies it."""
    line = json.loads(write_request(LogFormat.JSON))

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "gatepost.request",
        "event": "request",
        "request_id": "run-42",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "actor": "ada",
        "operation": "get_deployment",
        "method": "GET",
        "path": "/api/v1/deployments/DEP-9",
        "status": 200,
        "duration_ms": 12.346,
    }


def test_request_as_text() -> None:
    """A request is one line of text."""
    line = write_request(LogFormat.TEXT)

    assert " INFO gatepost.request request actor=ada operation=get_deployment method=GET " in line
    assert "request_id=run-42" in line
    assert line.count("\n") == 1


def test_server_error_is_an_error() -> None:
    """A request that the server could not answer is logged even if only errors are."""
    assert "ERROR" in write_request(LogFormat.TEXT, LogLevel.ERROR, status=503)
    assert not write_request(LogFormat.TEXT, LogLevel.ERROR, status=404)


@pytest.mark.parametrize(
    ("raw_path", "logged"),
    [
        (b"/api/v1/users/ada", "/api/v1/users/ada"),
        (b"/gp_l_abcdefghijkl/x", "/gp_l_***/x"),
        (b"/gp%5Fl_abcdefghijkl", "/gp_l_***"),
        (b"/a\nb", "/a%0Ab"),
        (b"/a b\xff", "/a%20b%FF"),
        (b"/" + b"x" * 1000, "/" + "x" * 511),
    ],
)
def test_path_in_the_log(raw_path: bytes, logged: str) -> None:
    """A path is logged on one line, shortened and without secrets, even escaped ones."""
    assert loggable_path(raw_path) == logged


@pytest.mark.parametrize("log_format", LogFormat)
def test_lines_within_a_request_have_its_id(log_format: LogFormat) -> None:
    """Whatever is logged while a request is answered can be found by its id."""
    record = logging.makeLogRecord({"name": "gatepost", "levelname": "ERROR", "msg": "Oh no."})
    with identified_as(REQUEST):
        line = log_formatter(log_format).format(record)

    assert "run-42" in line
    assert "Oh no." in line
