"""Configuring the tracing of tasks, for which OpenTelemetry is an optional extra.

OpenTelemetry is imported only if it is configured.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from gatepost_worker.tracing.tracing import LogOnlyTracing, TaskTracing

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
PROTOCOL: Final = "OTEL_EXPORTER_OTLP_PROTOCOL"
TRACES_PROTOCOL: Final = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
EXPORTER: Final = "OTEL_TRACES_EXPORTER"
DISABLED: Final = "OTEL_SDK_DISABLED"

SUPPORTED_PROTOCOL: Final = "http/protobuf"
_OTLP: Final = "otlp"
_EXTRA: Final = "gatepost-worker[opentelemetry]"

_log = logging.getLogger("gatepost.worker")


def configure_tracing(environment: Mapping[str, str]) -> TaskTracing:
    """Return the tracing that OpenTelemetry's standard variables configure.

    Unusable settings never keep the worker from starting; a warning names them instead.
    """
    if not is_configured(environment):
        return LogOnlyTracing()
    if (protocol := _find_protocol(environment)) != SUPPORTED_PROTOCOL:
        return _warn_and_use_no_export(
            f"{PROTOCOL} is {protocol!r}; set it to {SUPPORTED_PROTOCOL}"
        )
    try:
        from gatepost_worker.tracing.open_telemetry import (  # noqa: PLC0415  # only if configured
            create_otlp_tracing,
        )
    except ModuleNotFoundError as error:
        return _warn_and_use_no_export(f"{error.name} is not installed; install {_EXTRA}")
    try:
        return create_otlp_tracing()
    except (OSError, ValueError) as error:
        return _warn_and_use_no_export(f"an OTEL_* variable is invalid ({error})")


def is_configured(environment: Mapping[str, str]) -> bool:
    """Return whether traces should be sent to a collector."""
    if environment.get(DISABLED, "").strip().lower() == "true":
        return False
    exporters = {name.strip() for name in environment.get(EXPORTER, "").split(",")} - {""}
    if exporters:
        return _OTLP in exporters
    return bool(environment.get(ENDPOINT) or environment.get(TRACES_ENDPOINT))


def _find_protocol(environment: Mapping[str, str]) -> str:
    return environment.get(TRACES_PROTOCOL) or environment.get(PROTOCOL) or SUPPORTED_PROTOCOL


def _warn_and_use_no_export(reason: str) -> LogOnlyTracing:
    _log.warning("OpenTelemetry is configured, but no traces are sent: %s.", reason)
    return LogOnlyTracing()
