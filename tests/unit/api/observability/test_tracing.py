"""Whether the server exports traces, which the standard variables of OpenTelemetry decide."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from gatepost_api.observability.tracing import configure_tracing, is_configured

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "deploy"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "console,otlp"}, True),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "True"}, False),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "false"}, True),
    ],
)
def test_traces_are_sent_only_if_configured(environment: dict[str, str], *, expected: bool) -> None:
    """An endpoint or an exporter turns tracing on, and OTEL_SDK_DISABLED turns it off."""
    assert is_configured(environment) is expected


def test_unconfigured_server_does_not_import_open_telemetry() -> None:
    """Without the variables, the extra costs neither memory nor time at the start."""
    script = (
        "import sys, gatepost_api.server_process as process\n"
        "assert process.configure_tracing({}) is None\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    assert output.stdout.strip() == b"[]"


def test_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The server starts without traces, and the warning says what to install."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.delitem(sys.modules, "gatepost_api.observability.open_telemetry", raising=False)

    with caplog.at_level(logging.WARNING):
        tracing = configure_tracing(ENDPOINT)

    assert tracing is None
    (message,) = caplog.messages
    assert message.startswith("OpenTelemetry is configured, but no traces are sent: ")
    assert message.endswith("is not installed; install gatepost-server[opentelemetry].")


def test_other_protocol_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """A collector that is expected to get gRPC gets nothing, and the warning says why."""
    tracing = configure_tracing(ENDPOINT | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})

    assert tracing is None
    (message,) = caplog.messages
    assert message.endswith(": OTEL_EXPORTER_OTLP_PROTOCOL is 'grpc'; set it to http/protobuf.")


def test_invalid_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A variable that the exporter refuses does not keep the server from starting."""
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "1")

    assert configure_tracing(ENDPOINT) is None
    assert "a variable OTEL_* is invalid" in caplog.text
    assert "max_export_batch_size" in caplog.text
