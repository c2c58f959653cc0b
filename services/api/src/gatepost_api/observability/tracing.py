"""The interface for tracing requests and writes, and its configuration.

OpenTelemetry, an extra of this package, is imported only if it is configured.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final, Protocol

from litestar.types import HTTPScope

from gatepost_api.observability.request_ids import RequestIdentity
from gatepost_domain.ports.unit_of_work import Ledger

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
PROTOCOL: Final = "OTEL_EXPORTER_OTLP_PROTOCOL"
TRACES_PROTOCOL: Final = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
EXPORTER: Final = "OTEL_TRACES_EXPORTER"
DISABLED: Final = "OTEL_SDK_DISABLED"

SUPPORTED_PROTOCOL: Final = "http/protobuf"
_OTLP: Final = "otlp"
_EXTRA: Final = "gatepost-server[opentelemetry]"

_log = logging.getLogger("gatepost")


class Tracing(Protocol):
    """Exports a span for each request and for each write."""

    def trace_request(
        self, scope: HTTPScope, identity: RequestIdentity, host: str | None
    ) -> AbstractContextManager[RequestIdentity]:
        """Trace the request that is answered in the block.

        The identity available in the block belongs to the client's trace, or else to a new one.
        """
        ...

    def trace_writes(self, ledger: Ledger) -> Ledger:
        """Return the ledger wrapped so that each write, including its wait, is a span."""
        ...

    def close(self) -> None:
        """Export the finished spans; this blocks for a few seconds at most."""
        ...


def configure_tracing(environment: Mapping[str, str]) -> Tracing | None:
    """Return tracing as OpenTelemetry's standard variables configure it; None if it cannot run.

    Unusable settings never keep the server from starting; they are logged as a warning.
    """
    if not is_configured(environment):
        return None
    if (protocol := _protocol(environment)) != SUPPORTED_PROTOCOL:
        _warn(f"{PROTOCOL} is {protocol!r}; set it to {SUPPORTED_PROTOCOL}")
        return None
    try:
        from gatepost_api.observability.open_telemetry import (  # noqa: PLC0415  # only if configured
            export_by_otlp,
        )
    except ModuleNotFoundError as error:
        _warn(f"{error.name} is not installed; install {_EXTRA}")
        return None
    try:
        return export_by_otlp()
    except (OSError, ValueError) as error:
        _warn(f"a variable OTEL_* is invalid ({error})")
        return None


def is_configured(environment: Mapping[str, str]) -> bool:
    """Return whether traces are to be sent to a collector."""
    if environment.get(DISABLED, "").strip().lower() == "true":
        return False
    exporters = {name.strip() for name in environment.get(EXPORTER, "").split(",")} - {""}
    if exporters:
        return _OTLP in exporters
    return bool(environment.get(ENDPOINT) or environment.get(TRACES_ENDPOINT))


def _protocol(environment: Mapping[str, str]) -> str:
    return environment.get(TRACES_PROTOCOL) or environment.get(PROTOCOL) or SUPPORTED_PROTOCOL


def _warn(reason: str) -> None:
    _log.warning("OpenTelemetry is configured, but no traces are sent: %s.", reason)
