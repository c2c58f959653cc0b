"""A GitHub job is answered once, with the installation's token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.github_protection_answer_task_runner import send_answer
from gatepost_worker.http.client import HttpClient, Response
from gatepost_worker.http.errors import ConnectionFailed
from gatepost_worker.tasks import DeliveryTask, ProtectionAnswerTask
from tests.support.worker import (
    InstantClock,
    ScriptedHttpClient,
    a_response,
    an_answer_task,
)

TOKEN = "ghs-installation-token-1"
ISSUED = a_response(201, body=b'{"token": "%s"}' % TOKEN.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedDependencies(Dependencies):
    """Dependencies whose HTTP client returns what a test prepared."""

    http: ScriptedHttpClient

    def create_message_client(self, task: DeliveryTask | ProtectionAnswerTask) -> HttpClient:
        del task
        return self.http


class BrokenHttpClient(ScriptedHttpClient):
    """A client with a bug."""

    async def request(self, *_: Any, **__: Any) -> Response:
        raise ValueError("private")


def dependencies_with(http: ScriptedHttpClient) -> ScriptedDependencies:
    return ScriptedDependencies(executor_options={}, clock=InstantClock(), http=http)


async def test_answer_is_sent_with_the_token_of_the_installation() -> None:
    """The token of the App only buys it."""
    http, task = ScriptedHttpClient(ISSUED, a_response(204)), an_answer_task()
    report = await send_answer(task, dependencies=dependencies_with(http))

    assert (report.status, report.detail, report.retry_after_s) == (204, "", None)
    assert http.requests == [("POST", task.token_url), ("POST", task.url)]
    assert http.bodies == [b"", task.body]
    assert [headers["Authorization"] for headers in http.headers] == [
        "Bearer app-token-1",
        f"Bearer {TOKEN}",
    ]
    assert http.timeouts_s == [task.timeout_s] * 2


async def test_status_and_pause_of_a_refused_answer_are_reported() -> None:
    """The server decides what they mean."""
    http = ScriptedHttpClient(ISSUED, a_response(503, body=b"private", retry_after="120"))
    report = await send_answer(an_answer_task(), dependencies=dependencies_with(http))

    assert (report.status, report.retry_after_s) == (503, 120)
    assert report.detail == "GitHub responded to the answer with 503."


async def test_refused_app_has_no_status_of_the_answer() -> None:
    """So that the answer is sent again, even after 422, once the App is set up right."""
    http = ScriptedHttpClient(a_response(422, retry_after="60"))
    report = await send_answer(an_answer_task(), dependencies=dependencies_with(http))

    assert (report.status, report.retry_after_s) == (None, 60)
    assert "refused the GitHub App with 422" in report.detail
    assert len(http.requests) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"token": 7}', b'{"token": "a\\r\\nX-Y: z"}', b"[" * 100_000]
)
async def test_response_without_a_token_is_reported(body: bytes) -> None:
    """No header is made of what is no token."""
    http = ScriptedHttpClient(a_response(201, body=body))
    report = await send_answer(an_answer_task(), dependencies=dependencies_with(http))

    assert (report.status, report.detail) == (None, "GitHub's response contains no token.")
    assert len(http.requests) == 1


async def test_reason_is_reported_if_there_is_no_response() -> None:
    """For each of the two requests."""
    error = ConnectionFailed("Could not connect to https://api.github.com: refused.")
    for script in ([error], [ISSUED, error]):
        http = ScriptedHttpClient(*script)
        report = await send_answer(an_answer_task(), dependencies=dependencies_with(http))

        assert report.status is None
        assert report.detail == "Could not connect to https://api.github.com: refused."


async def test_internal_error_is_reported_without_its_message() -> None:
    """The message of a bug could contain anything."""
    http = BrokenHttpClient(ISSUED)
    report = await send_answer(an_answer_task(), dependencies=dependencies_with(http))

    assert report.status is None
    assert report.detail.startswith("Internal error in the worker (ValueError)")
    assert TOKEN not in repr(an_answer_task())
    assert "app-token-1" not in repr(an_answer_task())
