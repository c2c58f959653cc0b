"""What a call gives, whatever answers it: a result, or one of the client's own errors."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import httpx2
import pytest

from gatepost_client import (
    AsyncGatepost,
    Gatepost,
    GatepostError,
    GatepostProblem,
    NoAnswer,
    NotSendable,
    UnexpectedAnswer,
    etag,
)
from gatepost_client.calling import result_or_nothing
from gatepost_client.models import (
    ApproveBody,
    DeploymentAction,
    DeploymentStatus,
    HealthState,
    Problem,
    Service,
)

Answering = Callable[[httpx2.Request], httpx2.Response]
Ask = Callable[[Answering, str], Awaitable[Service]]

HTML = {"content-type": "text/html"}
PROBLEM = {"content-type": "application/problem+json; charset=utf-8"}
A_SERVICE = {
    "name": "shop",
    "display_name": "Shop",
    "description": None,
    "team": "checkout",
    "repo_url": "https://git.example/shop",
    "status": "registered",
    "created_at": "2026-11-21T12:00:00Z",
    "created_by": "ada",
    "revision": 1,
}
A_PROBLEM: dict[str, Any] = {
    "type": "urn:gatepost:problem:transition_refused",
    "title": "Transition refused",
    "status": 409,
    "detail": "To start is not possible.",
    "instance": "/api/v1/deployments/DEP-1/start",
    "code": "transition_refused",
    "errors": [{"pointer": "#/note", "detail": "Too long."}],
    "deployment_status": "pending_approval",
    "allowed_actions": ["approve", "reject"],
}


FOREIGN: dict[str, Callable[[], httpx2.Response]] = {
    "a proxy's page": partial(httpx2.Response, 502, text="<html>Bad gateway</html>", headers=HTML),
    "a page with a documented status": partial(httpx2.Response, 404, text="<html>", headers=HTML),
    "a sign-in page": partial(httpx2.Response, 200, text="<html>Sign in</html>", headers=HTML),
    "a redirection": partial(httpx2.Response, 302, headers={"location": "https://sso.example"}),
    "an object that lacks fields": partial(httpx2.Response, 200, json={"name": "shop"}),
    "no object": partial(httpx2.Response, 200, json=["shop"]),
    "null": partial(httpx2.Response, 200, content=b"null"),
    "a field that is no time": partial(
        httpx2.Response, 200, json={**A_SERVICE, "created_at": "now"}
    ),
    "a field that is no word": partial(httpx2.Response, 200, json={**A_SERVICE, "status": 5}),
    "no UTF-8": partial(httpx2.Response, 200, content=b"\xff\xfe"),
    "no content": partial(httpx2.Response, 200),
    "no content, and says so": partial(httpx2.Response, 204),
    "a success of an undocumented kind": partial(httpx2.Response, 299, json=A_SERVICE),
    "another API's error": partial(httpx2.Response, 404, json={"message": "no route"}),
    "a problem cut short": partial(httpx2.Response, 409, text="{", headers=PROBLEM),
    "another API's problem": partial(
        httpx2.Response, 409, json={"title": "Conflict"}, headers=PROBLEM
    ),
    "a broken problem": partial(
        httpx2.Response, 409, json={**A_PROBLEM, "errors": None}, headers=PROBLEM
    ),
}


def never(request: httpx2.Request) -> httpx2.Response:
    raise AssertionError(f"{request.url} was asked for")


def a_gatepost(answering: Answering) -> Gatepost:
    return Gatepost("http://gatepost.example", token="t", transport=httpx2.MockTransport(answering))


async def ask(answering: Answering, name: str) -> Service:
    with a_gatepost(answering) as gatepost:
        return gatepost.get_service(name)


async def ask_async(answering: Answering, name: str) -> Service:
    transport = httpx2.MockTransport(answering)
    async with AsyncGatepost("http://gatepost.example", token="t", transport=transport) as gatepost:
        return await gatepost.get_service(name)


@pytest.fixture(params=[ask, ask_async])
def get_service(request: pytest.FixtureRequest) -> Ask:
    """Both faces, which must not differ."""
    asking: Ask = request.param
    return asking


async def test_a_success_is_the_result_alone(get_service: Ask) -> None:
    """A method returns the object that its operation documents, with no wrapper around it."""
    service = await get_service(lambda _: httpx2.Response(200, json=A_SERVICE), "shop")

    assert (service.name, service.created_at.isoformat()) == ("shop", "2026-11-21T12:00:00+00:00")


async def test_a_problem_is_raised_with_all_it_says(get_service: Ask) -> None:
    """The server's no carries its status, code, faults, and what can be done instead."""
    answer = httpx2.Response(409, json=A_PROBLEM, headers=PROBLEM)

    with pytest.raises(GatepostProblem) as caught:
        await get_service(lambda _: answer, "shop")

    problem = caught.value
    assert (problem.status, problem.code) == (409, "transition_refused")
    assert problem.detail == "To start is not possible."
    assert problem.deployment_status is DeploymentStatus.PENDING_APPROVAL
    assert problem.allowed_actions == [DeploymentAction.APPROVE, DeploymentAction.REJECT]
    assert [(fault.pointer, fault.detail) for fault in problem.errors] == [("#/note", "Too long.")]
    assert str(problem) == (
        "409 transition_refused: To start is not possible.\n  #/note: Too long."
    )


@pytest.mark.parametrize("status", [405, 429, 500])
async def test_a_problem_with_an_undocumented_status_is_a_problem(
    get_service: Ask, status: int
) -> None:
    """What the server says in its own words is never taken for somebody else's."""
    answer = httpx2.Response(status, json={**A_PROBLEM, "status": status}, headers=PROBLEM)

    with pytest.raises(GatepostProblem) as caught:
        await get_service(lambda _: answer, "shop")

    assert caught.value.status == status


async def test_a_problem_whose_media_type_got_lost_is_a_problem(get_service: Ask) -> None:
    """A proxy that rewrites the media type does not hide what the server said."""
    with pytest.raises(GatepostProblem):
        await get_service(lambda _: httpx2.Response(404, json=A_PROBLEM), "shop")


@pytest.mark.parametrize("answering", FOREIGN.values(), ids=FOREIGN)
async def test_a_foreign_answer_is_told_as_such(
    get_service: Ask, answering: Callable[[], httpx2.Response]
) -> None:
    """Whatever does not keep to the contract is one error, which shows its status and content."""
    with pytest.raises(UnexpectedAnswer) as caught:
        await get_service(lambda _: answering(), "shop")

    answer = answering()
    assert (caught.value.status, caught.value.content) == (answer.status_code, answer.content)
    assert str(answer.status_code) in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("timed out"),
        httpx2.RemoteProtocolError("broke off"),
    ],
)
async def test_a_missing_answer_names_the_server_and_the_cause(
    get_service: Ask, error: httpx2.HTTPError
) -> None:
    """Not to have been answered is an error of its own, since what was done is unknown."""

    def break_off(_: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(NoAnswer, match=f"http://gatepost.example.*{error}") as caught:
        await get_service(break_off, "shop")

    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b", b"/api/v1/services/a%2Fb"),
        ("a/../b", b"/api/v1/services/a%2F..%2Fb"),
        ("a?b=c#d", b"/api/v1/services/a%3Fb%3Dc%23d"),
        ("%2e%2e", b"/api/v1/services/%252e%252e"),
        ("1.0 ü", b"/api/v1/services/1.0%20%C3%BC"),
    ],
)
async def test_a_name_stays_one_part_of_the_path(get_service: Ask, name: str, path: bytes) -> None:
    """No name leads a request to another address than its own."""
    asked = list[bytes]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path)
        return httpx2.Response(200, json=A_SERVICE)

    await get_service(answer, name)

    assert asked == [path]


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 70_000])
async def test_a_name_that_no_path_can_hold_is_not_sent(get_service: Ask, name: str) -> None:
    """A name that would change the path, or fits none, is refused before anything is sent."""
    with pytest.raises(NotSendable):
        await get_service(never, name)


def test_what_is_none_is_not_sent() -> None:
    """An optional body, key or condition that is left out leaves no trace in the request."""
    sent = list[httpx2.Request]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(409, json=A_PROBLEM, headers=PROBLEM)

    with a_gatepost(answer) as gatepost, pytest.raises(GatepostProblem):
        gatepost.approve_deployment("DEP-1")

    assert sent[0].content == b""
    assert {"idempotency-key", "if-match"}.isdisjoint(sent[0].headers)


def test_what_is_given_is_sent() -> None:
    """Body, idempotency key, condition and token arrive as they were given."""
    sent = list[httpx2.Request]()

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(409, json=A_PROBLEM, headers=PROBLEM)

    with a_gatepost(answer) as gatepost, pytest.raises(GatepostProblem):
        gatepost.approve_deployment(
            "DEP-1", ApproveBody(actor="quinn"), idempotency_key="k", if_match=etag(3)
        )

    assert json.loads(sent[0].content) == {"actor": "quinn"}
    assert sent[0].headers["idempotency-key"] == "k"
    assert sent[0].headers["if-match"] == '"3"'
    assert sent[0].headers["authorization"] == "Bearer t"


def test_a_key_that_no_header_can_hold_is_not_sent() -> None:
    """A header is plain ASCII; anything else is refused before it is sent."""
    with a_gatepost(never) as gatepost, pytest.raises(NotSendable):
        gatepost.start_deployment("DEP-1", idempotency_key="schlüssel")


def test_a_server_that_is_not_ready_is_a_result() -> None:
    """Readiness answers 503 with a reason, which is what was asked for and no error."""
    answer = httpx2.Response(503, json={"status": "failed", "reason": "the disk is full"})

    with a_gatepost(lambda _: answer) as gatepost:
        health = gatepost.get_readiness()

    assert (health.status, health.reason) == (HealthState.FAILED, "the disk is full")


async def test_what_a_newer_server_adds_loses_no_answer(get_service: Ask) -> None:
    """Fields that this client does not know are passed over, and words are kept as they are."""
    newer = {**A_SERVICE, "status": "retired", "owner": {"name": "ada"}}

    service = await get_service(lambda _: httpx2.Response(200, json=newer), "shop")

    assert service.status == "retired"
    assert copy.deepcopy(service.status) == service.status.value == service.status.name


def test_an_operation_may_answer_with_nothing() -> None:
    """Where 204 is documented, it is None; anything else is read as everywhere."""
    with a_gatepost(never) as gatepost:

        def nothing_documented(**_: object) -> None:
            return None

        assert result_or_nothing(gatepost.client, httpx2.Response(204), nothing_documented) is None
        with pytest.raises(UnexpectedAnswer):
            result_or_nothing(gatepost.client, httpx2.Response(502), nothing_documented)


def test_errors_survive_a_process_boundary() -> None:
    """What a worker process raises is the same error where it is caught."""
    problem = GatepostProblem(Problem.from_dict(A_PROBLEM))
    answer = UnexpectedAnswer(502, b"<html>")

    copies: list[GatepostError] = pickle.loads(pickle.dumps([problem, answer]))  # noqa: S301

    assert [str(each) for each in copies] == [str(problem), str(answer)]
    assert copies[0].args == (problem.problem,)
