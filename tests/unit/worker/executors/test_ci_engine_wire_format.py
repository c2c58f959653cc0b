"""The messages between the worker and a CI engine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatepost_worker.executors.ci_engine_wire_format import (
    EngineReply,
    EngineState,
    EngineUnavailable,
    InvalidEngineReply,
    parse_reply,
    request_body,
)
from tests.support.worker import AT, a_response, a_task

URL = "https://ci.example/hooks/shop"
RUN_URL = "https://ci.example/runs/7"
RUNNING, SUCCEEDED, FAILED = EngineState.RUNNING, EngineState.SUCCEEDED, EngineState.FAILED


def test_the_request_describes_the_whole_deployment() -> None:
    """The engine can deploy without calling Gatepost for more information."""
    assert json.loads(request_body(a_task(attempt=2), at=AT)) == {
        "type": "deployment.started",
        "timestamp": "2026-11-21T12:00:00+00:00",
        "data": {
            "id": "0199-42",
            "number": "DEP-42",
            "service": "shop",
            "environment": "test",
            "version": "1.4.2",
            "artifact_digest": "sha256:abc",
            "previous_version": "1.4.1",
            "requester": "alice",
            "approved_by": ["bob", "carol"],
            "build_id": "build-7",
            "attempt": 2,
        },
    }


@pytest.mark.parametrize(
    ("response", "state", "detail", "status_url"),
    [
        (a_response(200, {"state": "succeeded"}), SUCCEEDED, "", None),
        (a_response(201, {"state": "failed", "detail": "no\nroom"}), FAILED, "no room", None),
        (a_response(204, b""), SUCCEEDED, "", None),
        (a_response(202, b"", location="/runs/7"), RUNNING, "", RUN_URL),
        (a_response(202, b" \n", location=RUN_URL), RUNNING, "", RUN_URL),
        (a_response(202, {"status_url": RUN_URL}), RUNNING, "", RUN_URL),
        (a_response(202, {"status_url": "../runs/7"}), RUNNING, "", RUN_URL),
        (a_response(202, {"status_url": RUN_URL}, location="/other"), RUNNING, "", RUN_URL),
        (a_response(202, {"status_url": 7}), RUNNING, "", None),
        (a_response(202, {"state": "succeeded"}), SUCCEEDED, "", None),
        (a_response(200, {"state": "running", "detail": "3 of 5"}), RUNNING, "3 of 5", None),
        (a_response(200, {"state": "failed", "detail": {"a": 1}}), FAILED, "", None),
    ],
    ids=range(12),
)
def test_a_reply_has_a_state_and_a_status_url(
    response: Any, state: EngineState, detail: str, status_url: str | None
) -> None:
    """The status URL comes from the body or the Location header."""
    reply = EngineReply(state=state, detail=detail, status_url=status_url)

    assert parse_reply(response, URL) == reply


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_temporary_errors_make_the_engine_unavailable(status: int) -> None:
    """The request is retried after a temporary error."""
    with pytest.raises(EngineUnavailable, match=f"hooks/shop returned {status}"):
        parse_reply(a_response(status), URL)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (a_response(301, location="/elsewhere"), "returned 301; redirects are not followed."),
        (a_response(404, b"<h1>Not\n here</h1>"), "returned 404: <h1>Not here</h1>"),
        (a_response(410, b""), "returned 410: empty body"),
        (a_response(101, b""), "returned 101: empty body"),
        (a_response(200, b""), "returned 200 with invalid JSON"),
        (a_response(202, b"ok"), "returned 202 with invalid JSON"),
        (a_response(200, b"[" * 9999), "nested deeper than 100 levels"),
        (a_response(200, ["succeeded"]), "returned 200 with JSON that is not an object."),
        (a_response(200, {}), "without a `state` of running, succeeded or failed."),
        (a_response(200, {"state": "SUCCESS"}), "without a `state` of running, succeeded or"),
        (a_response(202, {"state": ["failed"]}), "without a `state` of"),
        (a_response(202, {"status_url": "http://[::1"}), "returned an invalid status URL"),
    ],
    ids=range(12),
)
def test_an_invalid_reply_is_refused_with_the_reason(response: Any, reason: str) -> None:
    """The error tells the engine's operator what is wrong with the reply."""
    with pytest.raises(InvalidEngineReply) as raised:
        parse_reply(response, URL)

    assert reason in f"{raised.value}"
