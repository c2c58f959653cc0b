"""What a CI engine is told, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatepost_worker.executors.ci_engine import (
    EngineReply,
    EngineUnavailable,
    InvalidEngineReply,
    State,
    message,
    word,
)
from tests.support.worker import AT, a_response, a_task

ASKED = "https://ci.example/hooks/shop"


def test_the_message_has_all_that_is_known() -> None:
    """The engine needs to ask nothing back."""
    assert json.loads(message(a_task(attempt=2), at=AT)) == {
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


RUNNING = "https://ci.example/runs/7"


@pytest.mark.parametrize(
    ("answer", "state", "detail", "status_url"),
    [
        (a_response(200, {"state": "succeeded"}), State.SUCCEEDED, "", None),
        (a_response(201, {"state": "failed", "detail": "no\nroom"}), State.FAILED, "no room", None),
        (a_response(204, b""), State.SUCCEEDED, "", None),
        (a_response(202, b"", location="/runs/7"), State.RUNNING, "", RUNNING),
        (a_response(202, b" \n", location=RUNNING), State.RUNNING, "", RUNNING),
        (a_response(202, {"status_url": RUNNING}), State.RUNNING, "", RUNNING),
        (a_response(202, {"status_url": "../runs/7"}), State.RUNNING, "", RUNNING),
        (a_response(202, {"status_url": RUNNING}, location="/other"), State.RUNNING, "", RUNNING),
        (a_response(202, {"status_url": 7}), State.RUNNING, "", None),
        (a_response(202, {"state": "succeeded"}), State.SUCCEEDED, "", None),
        (a_response(200, {"state": "running", "detail": "3 of 5"}), State.RUNNING, "3 of 5", None),
        (a_response(200, {"state": "failed", "detail": {"a": 1}}), State.FAILED, "", None),
    ],
    ids=range(12),
)
def test_an_answer_says_where_the_rollout_stands(
    answer: Any, state: State, detail: str, status_url: str | None
) -> None:
    """And where to ask how it goes on, wherever that is said."""
    assert word(answer, ASKED) == EngineReply(state=state, detail=detail, status_url=status_url)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_an_engine_may_be_unwell(status: int) -> None:
    """It is asked again."""
    with pytest.raises(EngineUnavailable, match=f"hooks/shop answered {status}"):
        word(a_response(status), ASKED)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (a_response(301, location="/elsewhere"), "answered 301; redirects are not followed."),
        (a_response(404, b"<h1>Not\n here</h1>"), "answered 404: <h1>Not here</h1>"),
        (a_response(410, b""), "answered 410: no body"),
        (a_response(101, b""), "answered 101: no body"),
        (a_response(200, b""), "answered 200 with what is no JSON"),
        (a_response(202, b"ok"), "answered 202 with what is no JSON"),
        (a_response(200, b"[" * 9999), "nested deeper than 100"),
        (a_response(200, ["succeeded"]), "answered 200 with JSON that is no object."),
        (a_response(200, {}), "without a `state` of running, succeeded or failed."),
        (
            a_response(200, {"state": "SUCCESS"}),
            "without a `state` of running, succeeded or failed",
        ),
        (a_response(202, {"state": ["failed"]}), "without a `state` of"),
        (a_response(202, {"status_url": "http://[::1"}), "names a status URL that is none"),
    ],
    ids=range(12),
)
def test_an_answer_that_says_nothing_to_go_by_is_told(answer: Any, words: str) -> None:
    """Whoever runs the engine can see what it would have to say."""
    with pytest.raises(InvalidEngineReply) as unusable:
        word(answer, ASKED)

    assert words in f"{unusable.value}"
