"""The spans of requests and writes: their names, attributes, parents and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from gatepost_api.app import GatepostApp
from gatepost_api.http.app_context import AppContext
from gatepost_api.observability.open_telemetry import OpenTelemetryTracing
from tests.support.http.api import Api, auth_header, deployment_body, token_secret

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"
TRACEPARENT = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01", "tracestate": "vendor=abc"}


@pytest.fixture
def spans(api: Api) -> Iterator[InMemorySpanExporter]:
    """Trace the requests to the API; the exporter has the spans that have ended."""
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app, tracing = api.app, OpenTelemetryTracing(provider)
    assert isinstance(app, GatepostApp)
    context: AppContext = app.state.context
    app.tracing = tracing
    app.state.context = replace(context, ledger=tracing.trace_writes(context.ledger))
    yield exporter
    app.tracing = None
    tracing.close()


def the_span(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    found = [span for span in spans.get_finished_spans() if span.name == name]
    assert len(found) == 1, [span.name for span in spans.get_finished_spans()]
    return found[0]


async def test_request_and_its_write_are_spans(api: Api, spans: InMemorySpanExporter) -> None:
    """The span of a request has the standard attributes, and the write is its child."""
    response = await api.post("/deployments", deployment_body(), headers=auth_header("ada"))

    assert response.status_code == 201
    request, write = the_span(spans, "create_deployment"), the_span(spans, "write")
    assert request.kind is SpanKind.SERVER
    assert request.parent is None
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.response.status_code": 201,
        "http.route": "/api/v1/deployments",
        "network.protocol.version": "1.1",
        "server.address": "gatepost.example",
        "url.path": "/api/v1/deployments",
        "url.scheme": "http",
        "gatepost.request_id": response.headers["X-Request-ID"],
    }
    assert write.parent is not None
    assert write.parent.span_id == request.context.span_id
    assert [event.name for event in write.events] == ["transaction began"]


async def test_trace_of_the_client_continues(api: Api, spans: InMemorySpanExporter) -> None:
    """A request with a traceparent is a child of the client's span, with its state."""
    response = await api.get("/services", headers=auth_header("ada") | TRACEPARENT)

    span = the_span(spans, "list_services")
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE_ID, PARENT_ID)
    assert span.context.trace_state.get("vendor") == "abc"
    assert response.headers["traceparent"] == TRACEPARENT["traceparent"]


async def test_new_trace_is_in_the_response(api: Api, spans: InMemorySpanExporter) -> None:
    """Without a traceparent, the response names the trace, as the log does."""
    response = await api.get("/services", headers=auth_header("ada"))

    context = the_span(spans, "list_services").context
    expected = f"00-{context.trace_id:032x}-{context.span_id:016x}-"
    assert response.headers["traceparent"].startswith(expected)


async def test_cached_response_is_a_span(api: Api, spans: InMemorySpanExporter) -> None:
    """A response from the cache has the name of its operation too."""
    for _ in range(3):
        await api.get("/deployments", headers=auth_header("ada"))

    names = [span.name for span in spans.get_finished_spans()]
    assert names == ["list_deployments"] * 3


async def test_refused_write_is_no_error(api: Api, spans: InMemorySpanExporter) -> None:
    """A refusal is named in the span, which has no exception and no status of an error."""
    body = deployment_body(service="nothing")
    response = await api.post("/deployments", body, headers=auth_header("ada"))

    assert response.status_code == 422
    write = the_span(spans, "write")
    assert dict(write.attributes or {}) == {"gatepost.refusal": "unknown_service"}
    assert write.status.status_code is StatusCode.UNSET
    assert the_span(spans, "create_deployment").status.status_code is StatusCode.UNSET


async def test_error_of_the_server_is_an_error(api: Api, spans: InMemorySpanExporter) -> None:
    """A status of 500 and above is an error of the span; an unknown path is none."""
    await api.client.get("/nowhere")
    api.file.rename(api.file.with_suffix(".elsewhere"))
    response = await api.get("/services", headers=auth_header("ada"))

    assert response.status_code == 503
    failed = the_span(spans, "list_services")
    assert failed.status.status_code is StatusCode.ERROR
    assert (failed.attributes or {})["error.type"] == "503"
    assert the_span(spans, "GET").status.status_code is StatusCode.UNSET


async def test_spans_have_no_secrets(api: Api, spans: InMemorySpanExporter) -> None:
    """Neither the query, nor a body, nor a token, nor a person is in any span."""
    headers = auth_header("ada") | {"Cookie": "session=s3cret"}
    await api.post("/deployments", deployment_body(notes="n0te"), headers=headers)
    await api.get("/deployments?requester=query-value", headers=headers)
    await api.client.get("/invitation?token=gp_l_abcdefghijklmnop")
    await api.client.get("/x/gp_u_abcdefghijklmnopqrst")

    exported = "".join(span.to_json() for span in spans.get_finished_spans())
    assert "create_deployment" in exported
    for secret in (token_secret("ada"), "s3cret", "n0te", "query-value", "abcdefgh", '"ada"'):
        assert secret not in exported


async def test_probes_are_not_traced(api: Api, spans: InMemorySpanExporter) -> None:
    """A probe every few seconds would hide the requests of people and programs."""
    await api.client.get("/health/live")
    await api.client.get("/health/ready")

    assert not spans.get_finished_spans()
