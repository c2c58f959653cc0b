"""Retries: a request is sent again where that is safe and can help, and nowhere else."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from email.utils import formatdate
from io import BytesIO
from typing import Any, Final

import httpx2
import pytest

from gatepost_client import (
    AsyncGatepost,
    Gatepost,
    GatepostError,
    GatepostProblem,
    NoAnswer,
    Retries,
    UnexpectedAnswer,
)
from gatepost_client.models import ApproveBody
from gatepost_client.responses import retry_after_s
from gatepost_client.types import File
from tests.support.cli import deployment_json, problem_response

OK: Final = httpx2.Response(200, json=deployment_json())
LOST: Final = httpx2.RemoteProtocolError("disconnected")
REFUSED: Final = httpx2.ConnectError("refused")
UNTRUSTED: Final = httpx2.ConnectError("certificate verify failed")
UNTRUSTED.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
BUSY: Final = problem_response(503, code="storage_busy")
BAD_GATEWAY: Final = httpx2.Response(502, text="<html>")

Answer = httpx2.Response | BaseException
Call = Callable[[Gatepost], object]

READS: Final[dict[str, Call]] = {"GET": lambda gatepost: gatepost.get_deployment("DEP-1")}
KEYED: Final[dict[str, Call]] = {
    "POST": lambda gatepost: gatepost.approve_deployment("DEP-1", ApproveBody())
}
OTHERS: Final[dict[str, Call]] = {
    "PATCH": lambda gatepost: gatepost.change_service("shop", {}),
    "PUT": lambda gatepost: gatepost.put_policy("staging", {}),
    "DELETE": lambda gatepost: gatepost.revoke_token("ada", "t"),
    "POST without a key": lambda gatepost: gatepost.preview_freeze({}),
}


class Server:
    """Responds as prepared, and records the requests."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = [*answers]
        self.requests: list[httpx2.Request] = []
        self.bodies: list[bytes] = []
        self.now_s = 0.0
        self.sleeps: list[float] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        self.bodies.append(request.read())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def sleep(self, delay_s: float) -> None:
        self.sleeps.append(delay_s)
        self.now_s += delay_s

    def client(self, **settings: Any) -> Gatepost:
        retries = Retries(monotonic=lambda: self.now_s, sleep=self.sleep, **settings)
        transport = httpx2.MockTransport(self)
        return Gatepost("http://gatepost.example", token="t", transport=transport, retries=retries)


@pytest.mark.parametrize("call", [*READS.values(), *KEYED.values()], ids=[*READS, *KEYED])
@pytest.mark.parametrize("answer", [LOST, REFUSED, BUSY, BAD_GATEWAY, problem_response(429)])
def test_repeatable_request_is_sent_again(call: Call, answer: Answer) -> None:
    """A read, and a write with a key, are sent again after each temporary error."""
    server = Server(answer, answer, OK)

    call(server.client())

    assert len(server.requests) == 3


@pytest.mark.parametrize("call", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("answer", [LOST, BUSY, BAD_GATEWAY])
def test_write_without_a_key_that_may_have_been_executed_is_not_sent_again(
    call: Call, answer: Answer
) -> None:
    """Without a key, a repeated write could be executed twice."""
    server = Server(answer, OK)

    with pytest.raises(GatepostError):
        call(server.client())

    assert len(server.requests) == 1


@pytest.mark.parametrize("call", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("answer", [REFUSED, problem_response(429)])
def test_write_that_was_certainly_not_executed_is_sent_again(call: Call, answer: Answer) -> None:
    """Nothing was executed if the server was not reached, or limited the rate."""
    server = Server(answer, problem_response(422))

    with pytest.raises(GatepostProblem):
        call(server.client())

    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer", [UNTRUSTED, problem_response(409), problem_response(500), httpx2.Response(404)]
)
def test_permanent_error_is_raised_at_once(answer: Answer) -> None:
    """A refusal, an invalid certificate and an unknown path do not become better."""
    server = Server(answer, OK)

    with pytest.raises(GatepostError):
        server.client().get_deployment("DEP-1")

    assert len(server.requests) == 1


def test_all_attempts_have_the_same_new_key() -> None:
    """The key is made for the call, not for the attempt; another call has another one."""
    server = Server(LOST, LOST, OK)

    with server.client() as gatepost:
        gatepost.approve_deployment("DEP-1")
        gatepost.approve_deployment("DEP-1")

    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert keys[0] == keys[1] == keys[2] != keys[3]


def test_key_of_the_caller_is_kept() -> None:
    """A key that was passed is sent with every attempt."""
    server = Server(LOST, OK)

    server.client().approve_deployment("DEP-1", idempotency_key="k")

    assert [request.headers["Idempotency-Key"] for request in server.requests] == ["k", "k"]


def test_retry_after_is_waited_for() -> None:
    """A delay that the server asks for is kept."""
    limited = problem_response(429)
    limited.headers["Retry-After"] = "7"
    server = Server(limited, OK)

    server.client().get_deployment("DEP-1")

    assert server.sleeps == [7.0]


def test_retry_after_beyond_the_limit_is_an_error_at_once() -> None:
    """It makes no sense to wait if the time does not suffice; the error has the delay."""
    limited = problem_response(429)
    limited.headers["Retry-After"] = "31"
    server = Server(limited, OK)

    with pytest.raises(GatepostProblem) as caught:
        server.client(total_s=30).get_deployment("DEP-1")

    assert (server.sleeps, caught.value.retry_after_s) == ([], 31.0)


def test_retries_end() -> None:
    """The delays grow, and together they do not exceed the limit."""
    server = Server(REFUSED)

    with pytest.raises(NoAnswer):
        server.client(total_s=30).get_deployment("DEP-1")

    assert 15 < sum(server.sleeps) <= 30
    assert max(server.sleeps) <= 5
    assert server.sleeps[0] <= 0.2


def test_retry_is_announced() -> None:
    """A program can say why it waits."""
    server, announced = Server(REFUSED, OK), list[tuple[GatepostError, float]]()

    server.client(on_retry=lambda *retry: announced.append(retry)).get_deployment("DEP-1")

    ((error, delay_s),) = announced
    assert "refused" in str(error)
    assert [delay_s] == server.sleeps


def test_file_is_sent_again_from_its_beginning() -> None:
    """Every attempt sends the whole file."""
    server = Server(BUSY, problem_response(422))

    with pytest.raises(GatepostProblem):
        server.client().import_history(File(BytesIO(b"service,environment\n")))

    assert server.bodies == [b"service,environment\n"] * 2


def test_file_that_can_be_read_only_once_is_not_sent_again() -> None:
    """A second attempt would send an empty file."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    server = Server(BUSY, OK)

    with pytest.raises(GatepostProblem):
        server.client().import_history(File(Pipe(b"service,environment\n")))

    assert len(server.requests) == 1


async def test_asynchronous_client_sends_again_too() -> None:
    """The rules are the same."""
    server, retries = Server(LOST, BUSY, OK), Retries(first_delay_s=0.001)
    transport = httpx2.MockTransport(server)
    async with AsyncGatepost(
        "http://gatepost.example", token="t", transport=transport, retries=retries
    ) as gatepost:
        await gatepost.approve_deployment("DEP-1")

    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1
    assert len(server.requests) == 3


def test_without_retries_there_is_one_attempt_and_no_key() -> None:
    """Who retries by themselves gets every error, and chooses the keys."""
    server = Server(BAD_GATEWAY, OK)
    transport = httpx2.MockTransport(server)
    with (
        Gatepost("http://x.example", token="t", transport=transport, retries=None) as gatepost,
        pytest.raises(UnexpectedAnswer),
    ):
        gatepost.approve_deployment("DEP-1")

    assert len(server.requests) == 1
    assert "Idempotency-Key" not in server.requests[0].headers


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("", None), ("soon", None), ("-1", None), (formatdate(0, usegmt=True), 0.0)],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    """Both forms of RFC 9110 are read; anything else is ignored."""
    assert retry_after_s(httpx2.Response(429, headers={"Retry-After": value})) == seconds
