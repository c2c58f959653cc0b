"""A span for each rollout with OpenTelemetry, exported by OTLP over HTTP.

Spans contain no notes, output, addresses or secrets.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from threading import Thread
from typing import Final

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
from opentelemetry.trace import Span, SpanKind, StatusCode

from gatepost_worker.foundation.trace import Trace, traced
from gatepost_worker.tasks import DeploymentTask, Outcome, Result
from gatepost_worker.tracing.tracing import RecordOutcome

DEFAULT_SERVICE_NAME: Final = "gatepost-worker"
"""The name of the service, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES sets another."""

ROLLOUT: Final = "rollout"
OUTCOME: Final = "gatepost.outcome"
ABANDONED: Final = "abandoned"
"""The outcome of a task that another worker takes over."""

CLOSING_PATIENCE_S: Final = 0.5
"""How long a stopping worker waits for a collector that does not respond; container runtimes allow
10 s in total."""

_PACKAGE: Final = "gatepost-worker"


class OpenTelemetryTracing:
    """Traces tasks with a tracer provider, which `close` shuts down."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("gatepost.worker", version(_PACKAGE))

    @contextmanager
    def trace(self, task: DeploymentTask, /) -> Generator[RecordOutcome]:
        """Trace the task that runs in the block, as one span."""
        deployment = task.deployment
        attributes: dict[str, str | int] = {
            "gatepost.deployment": deployment.number,
            "gatepost.service": deployment.service,
            "gatepost.version": deployment.version,
            "gatepost.environment": deployment.environment,
            "gatepost.attempt": deployment.attempt,
            "gatepost.executor": task.target.executor.kind,
            OUTCOME: ABANDONED,
        }
        span = self._tracer.start_span(ROLLOUT, Context(), SpanKind.INTERNAL, attributes)
        try:
            with traced(_trace_of(span)):
                yield partial(_record_outcome, span)
        finally:
            span.end()

    def close(self) -> None:
        """Export the spans that have ended; wait at most `CLOSING_PATIENCE_S`."""
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSING_PATIENCE_S)


def create_otlp_tracing() -> OpenTelemetryTracing:
    """Return tracing that sends spans to the collector that the OTEL_* variables configure.

    Raises:
        OSError: a file that a variable names cannot be read.
        ValueError: a variable is invalid.
    """
    detected = OTELResourceDetector().detect().attributes  # set by OTEL_* variables
    defaults = {SERVICE_NAME: DEFAULT_SERVICE_NAME, SERVICE_VERSION: version(_PACKAGE)}
    provider = TracerProvider(
        resource=Resource.create({**defaults, **detected}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return OpenTelemetryTracing(provider)


def _trace_of(span: Span) -> Trace:
    context = span.get_span_context()
    trace_id = f"{context.trace_id:032x}"
    return Trace(
        id=trace_id,
        exported_as=f"00-{trace_id}-{context.span_id:016x}-{context.trace_flags:02x}",
    )


def _record_outcome(span: Span, outcome: Outcome | None) -> None:
    if outcome is None:
        return
    span.set_attribute(OUTCOME, outcome.result.value)
    if outcome.result is Result.FAILED:
        span.set_status(StatusCode.ERROR)
