"""OpenTelemetry spans for requests and writes, exported with OTLP over HTTP.

Attributes follow the semantic conventions for HTTP servers. No span contains a query, a body, a
header or the name of a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import Final, TypeVar

from litestar.types import HTTPScope
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import (
    SERVICE_NAME,
    SERVICE_VERSION,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.semconv.attributes.http_attributes import (
    HTTP_REQUEST_METHOD,
    HTTP_RESPONSE_STATUS_CODE,
    HTTP_ROUTE,
)
from opentelemetry.semconv.attributes.network_attributes import NETWORK_PROTOCOL_VERSION
from opentelemetry.semconv.attributes.server_attributes import SERVER_ADDRESS
from opentelemetry.semconv.attributes.url_attributes import URL_PATH, URL_SCHEME
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, use_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gatepost_api.observability.request_ids import RequestIdentity
from gatepost_api.observability.request_log import loggable_path
from gatepost_api.observability.request_observation import (
    CLIENT_DISCONNECTED,
    NO_OPERATION,
    observation_of,
)
from gatepost_api.settings.server_version import VERSION
from gatepost_domain.errors import Refusal
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork

T = TypeVar("T")

DEFAULT_SERVICE_NAME: Final = "gatepost-server"
"""The service name, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES sets another one."""

REQUEST_ID: Final = "gatepost.request_id"
REFUSAL: Final = "gatepost.refusal"
"""The attribute with the code of a refusal, which does not count as a server error."""
WRITE: Final = "write"
"""The name of a write's span."""
TRANSACTION_BEGAN: Final = "transaction began"
"""The event in a write's span that marks the end of the wait for its turn."""

UNTRACED_PATHS: Final = "/health/"
"""The prefix of probe paths: probes arrive every few seconds and would bury other requests."""

CLOSING_PATIENCE_S: Final = 2.0
"""How long, in seconds, shutdown waits for a collector that does not answer."""

_METHODS: Final = frozenset(
    ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
)
_OTHER_METHOD: Final = "_OTHER"
_TYPE_IN_ROUTE: Final = re.compile(r":\w+\}")
_SERVER_ERROR: Final = 500


class OpenTelemetryTracing:
    """Traces requests and writes with a tracer provider, which it also shuts down."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("gatepost", VERSION)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def trace_request(
        self, scope: HTTPScope, identity: RequestIdentity, host: str | None
    ) -> Generator[RequestIdentity]:
        """Trace the request that is answered in the block."""
        if scope["path"].startswith(UNTRACED_PATHS):
            yield identity
            return
        span = self._tracer.start_span(
            _method(scope),
            self._client_context(scope, identity),
            SpanKind.SERVER,
            _request_attributes(scope, identity, host),
        )
        if identity.traceparent is None:
            identity = replace(identity, traceparent=_traceparent(span))
        try:
            with use_span(span, record_exception=False, set_status_on_exception=False):
                yield identity
        finally:
            _describe_response(span, scope)
            span.end()

    def trace_writes(self, ledger: Ledger) -> Ledger:
        """Return the ledger wrapped so that each write is a span."""
        return TracedLedger(ledger, self._tracer)

    def close(self) -> None:
        """Export the finished spans, waiting at most `CLOSING_PATIENCE_S`."""
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSING_PATIENCE_S)

    def _client_context(self, scope: HTTPScope, identity: RequestIdentity) -> Context | None:
        """Return the context of the client's trace, or an empty one if the client sent none."""
        if identity.traceparent is None:
            return Context()
        states = [value for name, value in scope["headers"] if name == b"tracestate"]
        carrier = {
            "traceparent": identity.traceparent,
            "tracestate": b",".join(states).decode("latin-1"),
        }
        return self._propagator.extract(carrier, Context())


class TracedLedger:
    """A ledger that records each write as a span, from the wait for its turn to the commit."""

    def __init__(self, ledger: Ledger, tracer: Tracer) -> None:
        self._ledger = ledger
        self._tracer = tracer

    async def perform(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action in a transaction within a span."""
        with self._write_span() as span:
            return await self._ledger.perform(partial(_run_with_begin_event, action, span))

    async def perform_long(self, action: Callable[[UnitOfWork], T]) -> T:
        """Run an action that takes seconds in a transaction within a span."""
        with self._write_span() as span:
            return await self._ledger.perform_long(partial(_run_with_begin_event, action, span))

    @contextmanager
    def _write_span(self) -> Generator[Span]:
        with self._tracer.start_as_current_span(
            WRITE, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Refusal as refusal:
                span.set_attribute(REFUSAL, refusal.code)
                raise
            except Exception as error:
                span.set_attribute(ERROR_TYPE, type(error).__qualname__)
                span.set_status(StatusCode.ERROR)
                raise


def create_otlp_tracing() -> OpenTelemetryTracing:
    """Return tracing that sends spans to the collector configured by the OTEL_* variables.

    Raises:
        OSError: a file named in a variable cannot be read.
        ValueError: a variable is invalid.
    """
    detected = OTELResourceDetector().detect().attributes  # attributes in environment variables
    defaults = {SERVICE_NAME: DEFAULT_SERVICE_NAME, SERVICE_VERSION: VERSION}
    resource = Resource.create({**defaults, **detected})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetryTracing(provider)


def _run_with_begin_event(action: Callable[[UnitOfWork], T], span: Span, uow: UnitOfWork) -> T:
    span.add_event(TRANSACTION_BEGAN)
    return action(uow)


def _request_attributes(
    scope: HTTPScope, identity: RequestIdentity, host: str | None
) -> dict[str, str]:
    attributes = {
        HTTP_REQUEST_METHOD: _method(scope),
        URL_SCHEME: scope["scheme"],
        URL_PATH: loggable_path(scope["raw_path"]),
        NETWORK_PROTOCOL_VERSION: scope["http_version"],
        REQUEST_ID: identity.id,
    }
    if host is not None:
        attributes[SERVER_ADDRESS] = host
    return attributes


def _method(scope: HTTPScope) -> str:
    method = str(scope["method"])
    return method if method in _METHODS else _OTHER_METHOD


def _describe_response(span: Span, scope: HTTPScope) -> None:
    observation = observation_of(scope)
    if observation is None:
        return
    if observation.operation != NO_OPERATION:
        span.update_name(observation.operation)
    if route := scope.get("path_template", ""):
        span.set_attribute(HTTP_ROUTE, _TYPE_IN_ROUTE.sub("}", route))
    if observation.status == CLIENT_DISCONNECTED:
        span.set_attribute(ERROR_TYPE, "client_disconnected")
        return
    span.set_attribute(HTTP_RESPONSE_STATUS_CODE, observation.status)
    if observation.status >= _SERVER_ERROR:
        span.set_attribute(ERROR_TYPE, str(observation.status))
        span.set_status(StatusCode.ERROR)


def _traceparent(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
