"""What a CI engine is told, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatepost_worker.executors.ci_engine import State, Unusable, Unwell, Word, message, word
from tests.support.worker import AT, a_task, an_answer

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
        (an_answer(200, {"state": "succeeded"}), State.SUCCEEDED, "", None),
        (an_answer(201, {"state": "failed", "detail": "no\nroom"}), State.FAILED, "no room", None),
        (an_answer(204, b""), State.SUCCEEDED, "", None),
        (an_answer(202, b"", location="/runs/7"), State.RUNNING, "", RUNNING),
        (an_answer(202, b" \n", location=RUNNING), State.RUNNING, "", RUNNING),
        (an_answer(202, {"status_url": RUNNING}), State.RUNNING, "", RUNNING),
        (an_answer(202, {"status_url": "../runs/7"}), State.RUNNING, "", RUNNING),
        (an_answer(202, {"status_url": RUNNING}, location="/other"), State.RUNNING, "", RUNNING),
        (an_answer(202, {"status_url": 7}), State.RUNNING, "", None),
        (an_answer(202, {"state": "succeeded"}), State.SUCCEEDED, "", None),
        (an_answer(200, {"state": "running", "detail": "3 of 5"}), State.RUNNING, "3 of 5", None),
        (an_answer(200, {"state": "failed", "detail": {"a": 1}}), State.FAILED, "", None),
    ],
    ids=range(12),
)
def test_an_answer_says_where_the_rollout_stands(
    answer: Any, state: State, detail: str, status_url: str | None
) -> None:
    """And where to ask how it goes on, wherever that is said."""
    assert word(answer, ASKED) == Word(state=state, detail=detail, status_url=status_url)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_an_engine_may_be_unwell(status: int) -> None:
    """It is asked again."""
    with pytest.raises(Unwell, match=f"hooks/shop answered {status}"):
        word(an_answer(status), ASKED)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (an_answer(301, location="/elsewhere"), "answered 301; redirects are not followed."),
        (an_answer(404, b"<h1>Not\n here</h1>"), "answered 404: <h1>Not here</h1>"),
        (an_answer(410, b""), "answered 410: no body"),
        (an_answer(101, b""), "answered 101: no body"),
        (an_answer(200, b""), "answered 200 with what is no JSON"),
        (an_answer(202, b"ok"), "answered 202 with what is no JSON"),
        (an_answer(200, b"[" * 9999), "nested deeper than 100"),
        (an_answer(200, ["succeeded"]), "answered 200 with JSON that is no object."),
        (an_answer(200, {}), "without a `state` of running, succeeded or failed."),
        (an_answer(200, {"state": "SUCCESS"}), "without a `state` of running, succeeded or failed"),
        (an_answer(202, {"state": ["failed"]}), "without a `state` of"),
        (an_answer(202, {"status_url": "http://[::1"}), "names a status URL that is none"),
    ],
    ids=range(12),
)
def test_an_answer_that_says_nothing_to_go_by_is_told(answer: Any, words: str) -> None:
    """Whoever runs the engine can see what it would have to say."""
    with pytest.raises(Unusable) as unusable:
        word(answer, ASKED)

    assert words in f"{unusable.value}"
