"""The span of a rollout, and whether the worker exports it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from gatepost_worker.foundation.trace import (
    add_traceparent,
    current_trace,
    traceparent_for_targets,
)
from gatepost_worker.loop import Worker
from gatepost_worker.tasks import DeploymentTask, Outcome, StepReporter, failed, succeeded
from gatepost_worker.tracing.configuration import configure_tracing
from gatepost_worker.tracing.open_telemetry import OpenTelemetryTracing
from gatepost_worker.tracing.tracing import LogOnlyTracing
from tests.support.claiming import HandClock, InMemoryClaims, settle
from tests.support.worker import a_task, answer_nothing, notify_nobody, run_no_checks, send_nothing

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


async def trace_rollout(outcome: Outcome | Exception) -> tuple[ReadableSpan, list[str]]:
    """Run a task; return its span, and the traceparents of requests to the API and to a target."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    sent: list[str] = []

    async def run_task(_task: DeploymentTask, _report: StepReporter) -> Outcome:
        request = httpx2.Request("POST", "http://gatepost.example/")
        await add_traceparent(request)
        sent.extend([request.headers["traceparent"], traceparent_for_targets()["traceparent"]])
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    claims, stop = InMemoryClaims(a_task()), asyncio.Event()
    tracing = OpenTelemetryTracing(provider)
    worker = Worker(
        claims,
        run_task,
        run_checks=run_no_checks,
        send=send_nothing,
        notify=notify_nobody,
        answer=answer_nothing,
        concurrency=1,
        clock=HandClock(),
        tracing=tracing,
    )
    job = asyncio.create_task(worker.run(stop))
    await settle()
    stop.set()
    await job
    (span,) = exporter.get_finished_spans()
    return span, sent


async def test_rollout_is_a_span() -> None:
    """It names what is deployed where, and the outcome, but not the note."""
    span, sent = await trace_rollout(succeeded("n0te"))

    assert span.name == "rollout"
    assert dict(span.attributes or {}) == {
        "gatepost.deployment": "DEP-42",
        "gatepost.service": "shop",
        "gatepost.version": "1.4.2",
        "gatepost.environment": "test",
        "gatepost.attempt": 1,
        "gatepost.executor": "simulated",
        "gatepost.outcome": "succeeded",
    }
    context = span.context
    parent = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
    assert sent == [parent, parent]


async def test_failed_rollout_is_an_error() -> None:
    """A failed rollout is marked as an error, without its note."""
    span, _ = await trace_rollout(failed("n0te"))

    assert span.status.status_code is StatusCode.ERROR
    assert "n0te" not in span.to_json()


async def test_abandoned_rollout_has_that_outcome() -> None:
    """A task that ends without an outcome is left to another worker."""
    span, _ = await trace_rollout(RuntimeError("a bug"))

    assert (span.attributes or {})["gatepost.outcome"] == "abandoned"


def test_targets_get_no_trace_without_a_collector() -> None:
    """The parent of a target's span must exist; the API gets the trace for its log in any case."""
    with LogOnlyTracing().trace(a_task()):
        assert current_trace() is not None
        assert not traceparent_for_targets()


def test_unconfigured_worker_does_not_import_open_telemetry() -> None:
    """Without the variables, the extra costs neither memory nor time at the start."""
    script = (
        "import sys, gatepost_worker.main as main\n"
        "main.configure_tracing({})\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    assert output.stdout.strip() == b"[]"


@pytest.mark.parametrize(
    "environment",
    [{}, ENDPOINT | {"OTEL_SDK_DISABLED": "true"}, ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}],
)
def test_traces_are_sent_only_if_configured(environment: dict[str, str]) -> None:
    """The standard variables turn tracing on and off."""
    assert isinstance(configure_tracing(environment), LogOnlyTracing)


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "is 'grpc'; set it to http/protobuf."),
        ({"OTEL_BSP_MAX_QUEUE_SIZE": "1"}, "an OTEL_* variable is invalid"),
    ],
)
def test_unusable_variable_is_named(
    variables: dict[str, str],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The worker starts without exporting, and the warning says why."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert isinstance(configure_tracing(ENDPOINT | variables), LogOnlyTracing)
    assert reason in caplog.text


def test_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The worker starts without exporting, and the warning says what to install."""
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.delitem(sys.modules, "gatepost_worker.tracing.open_telemetry", raising=False)

    with caplog.at_level(logging.WARNING):
        tracing = configure_tracing(ENDPOINT)

    assert isinstance(tracing, LogOnlyTracing)
    assert "install gatepost-worker[opentelemetry]" in caplog.text
