"""Comparison of a response with what a check expects."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost_worker.foundation.external_text import one_line_excerpt
from gatepost_worker.foundation.json_documents import (
    InvalidJson,
    PointerNotFound,
    format_json,
    json_equal,
    parse_json,
    resolve_pointer,
)
from gatepost_worker.http.client import Response
from gatepost_worker.tasks import Check


def find_differences(check: Check, response: Response) -> Iterator[str]:
    """Yield each difference as a phrase that follows the request, such as `returned 500`."""
    if response.status != check.expect_status:
        yield f"returned {response.status}, expected {check.expect_status}"
    elif check.expect_json:
        yield from _json_differences(check, response.body)
    if check.max_latency_ms is not None and response.took_ms > check.max_latency_ms:
        yield f"took {response.took_ms} ms, expected at most {check.max_latency_ms} ms"


def _json_differences(check: Check, body: bytes) -> Iterator[str]:
    try:
        value = parse_json(body)
    except InvalidJson as error:
        beginning = one_line_excerpt(body[:1000].decode(errors="replace"))
        yield f"returned invalid JSON ({error}): {beginning!r}"
        return
    for pointer, expected_text in check.expect_json.items():
        path = pointer or "the root"
        try:
            expected, actual = parse_json(expected_text), resolve_pointer(value, pointer)
        except PointerNotFound as error:
            yield f"returned no value at {path}: {error}"
        except InvalidJson as error:
            yield f"could not be compared: the expected value at {path} is invalid JSON ({error})"
        else:
            if not json_equal(expected, actual):
                actual_text = one_line_excerpt(format_json(actual))
                expected_excerpt = one_line_excerpt(format_json(expected))
                yield f"returned {actual_text} at {path}, expected {expected_excerpt}"
