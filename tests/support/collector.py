"""A small OTLP/HTTP receiver, which keeps the spans that are sent to it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class ReceivedSpan:
    """A span, with the name of the service that sent it."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_span_id: str
    attributes: Mapping[str, object]


@dataclass(slots=True)
class Collector:
    """A running receiver."""

    url: str
    spans: list[ReceivedSpan] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    raw: bytearray = field(default_factory=bytearray)
    """Everything that was received, one message after another."""
    changed: Condition = field(default_factory=Condition)

    def wait_for(self, *names: str) -> list[ReceivedSpan]:
        """Wait until a span of each name has arrived, and return all spans."""
        with self.changed:
            arrived = self.changed.wait_for(
                lambda: {span.name for span in self.spans} >= set(names), PATIENCE_S
            )
            assert arrived, f"{names} expected; received: {[span.name for span in self.spans]}"
            return list(self.spans)

    def receive(self, path: str, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        spans = [
            ReceivedSpan(
                service=str(_attributes(resource.resource.attributes)["service.name"]),
                name=span.name,
                trace_id=span.trace_id.hex(),
                span_id=span.span_id.hex(),
                parent_span_id=span.parent_span_id.hex(),
                attributes=_attributes(span.attributes),
            )
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        with self.changed:
            self.spans += spans
            self.paths.add(path)
            self.raw += body
            self.changed.notify_all()


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Run a receiver on a free port of the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collector.receive(self.path, body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, object]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "") for pair in pairs}
