"""A message is sent once, and the answer of the receiver is reported."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gatepost_worker.dependencies import Dependencies
from gatepost_worker.http.client import HttpClient
from gatepost_worker.http.errors import ConnectionFailed
from gatepost_worker.tasks import DeliveryTask, ProtectionAnswerTask
from gatepost_worker.webhook_delivery_task_runner import (
    MAX_DETAIL_CHARS,
    parse_retry_after,
    send_message,
)
from tests.support.worker import (
    InstantClock,
    ScriptedHttpClient,
    a_delivery_task,
    a_response,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedDependencies(Dependencies):
    """Dependencies whose HTTP client returns what a test prepared."""

    http: ScriptedHttpClient

    def create_message_client(self, task: DeliveryTask | ProtectionAnswerTask) -> HttpClient:
        del task
        return self.http


class BrokenDependencies(Dependencies):
    """Dependencies that cannot create a client."""

    def create_message_client(self, task: DeliveryTask | ProtectionAnswerTask) -> HttpClient:
        del task
        raise ValueError("private")


def dependencies_with(*script: object) -> ScriptedDependencies:
    http = ScriptedHttpClient(*script)  # type: ignore[arg-type]  # responses and errors
    return ScriptedDependencies(executor_options={}, clock=InstantClock(), http=http)


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (204, ""),
        (302, "The receiver answered 302; redirects are not followed."),
        (500, "The receiver answered 500."),
    ],
)
async def test_status_of_the_answer_is_reported(status: int, detail: str) -> None:
    """The body of the answer is not."""
    report = await send_message(
        a_delivery_task(), dependencies=dependencies_with(a_response(status, body=b"private"))
    )

    assert (report.status, report.detail, report.retry_after_s) == (status, detail, None)


async def test_reason_is_reported_if_there_is_no_answer() -> None:
    """It contains no secret of the URL."""
    error = ConnectionFailed("Could not connect to https://hooks.example/?token=abcdefgh: refused.")
    report = await send_message(a_delivery_task(), dependencies=dependencies_with(error))

    assert report.status is None
    assert report.detail == "Could not connect to https://hooks.example/?token=*** refused."


async def test_internal_error_is_reported_without_its_message() -> None:
    """The message of a bug could contain anything."""
    broken = BrokenDependencies(executor_options={}, clock=InstantClock())
    report = await send_message(a_delivery_task(), dependencies=broken)

    assert report.status is None
    assert report.detail.startswith("Internal error in the worker (ValueError)")
    assert len(report.detail) < MAX_DETAIL_CHARS


async def test_pause_that_the_receiver_asks_for_is_reported() -> None:
    """The server decides what it means."""
    response = a_response(429, retry_after="120")
    report = await send_message(a_delivery_task(), dependencies=dependencies_with(response))

    assert (report.status, report.retry_after_s) == (429, 120)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("99999999999999", 10**9),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 12:02:00 -0000", 120),
        ("Sat, 21 Nov 2020 12:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_both_forms_of_retry_after_are_read(text: str, seconds: int | None) -> None:
    """It is a number of seconds or a time (RFC 9110 §10.2.3); other values are ignored."""
    assert parse_retry_after(text, InstantClock()) == seconds
