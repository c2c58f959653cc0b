"""The base client: a call returns the documented result or raises one of the client's errors."""

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
from gatepost_client.models import (
    ApproveBody,
    DeploymentAction,
    DeploymentStatus,
    HealthState,
    Problem,
    Service,
)
from gatepost_client.responses import parse_optional_response

Handler = Callable[[httpx2.Request], httpx2.Response]
GetService = Callable[[Handler, str], Awaitable[Service]]

HTML_HEADERS = {"content-type": "text/html"}
PROBLEM_HEADERS = {"content-type": "application/problem+json; charset=utf-8"}
SERVICE = {
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
PROBLEM: dict[str, Any] = {
    "type": "/docs/problems#transition_refused",
    "title": "Transition refused",
    "status": 409,
    "detail": "To start is not possible.",
    "instance": "/api/v1/deployments/DEP-1/start",
    "request_id": "r-1",
    "code": "transition_refused",
    "errors": [{"pointer": "#/note", "detail": "Too long."}],
    "deployment_status": "pending_approval",
    "allowed_actions": ["approve", "reject"],
}


UNEXPECTED: dict[str, Callable[[], httpx2.Response]] = {
    "a proxy's page": partial(
        httpx2.Response, 502, text="<html>Bad gateway</html>", headers=HTML_HEADERS
    ),
    "a page with a documented status": partial(
        httpx2.Response, 404, text="<html>", headers=HTML_HEADERS
    ),
    "a sign-in page": partial(
        httpx2.Response, 200, text="<html>Sign in</html>", headers=HTML_HEADERS
    ),
    "a redirect": partial(httpx2.Response, 302, headers={"location": "https://sso.example"}),
    "an object without required fields": partial(httpx2.Response, 200, json={"name": "shop"}),
    "an array": partial(httpx2.Response, 200, json=["shop"]),
    "null": partial(httpx2.Response, 200, content=b"null"),
    "an invalid timestamp": partial(httpx2.Response, 200, json={**SERVICE, "created_at": "now"}),
    "an enum value that is a number": partial(httpx2.Response, 200, json={**SERVICE, "status": 5}),
    "invalid UTF-8": partial(httpx2.Response, 200, content=b"\xff\xfe"),
    "an empty body": partial(httpx2.Response, 200),
    "an undocumented 204": partial(httpx2.Response, 204),
    "an undocumented success status": partial(httpx2.Response, 299, json=SERVICE),
    "another API's error": partial(httpx2.Response, 404, json={"message": "no route"}),
    "a truncated problem": partial(httpx2.Response, 409, text="{", headers=PROBLEM_HEADERS),
    "another API's problem": partial(
        httpx2.Response, 409, json={"title": "Conflict"}, headers=PROBLEM_HEADERS
    ),
    "a problem with an invalid field": partial(
        httpx2.Response, 409, json={**PROBLEM, "errors": None}, headers=PROBLEM_HEADERS
    ),
}


def refuse_to_send(request: httpx2.Request) -> httpx2.Response:
    raise AssertionError(f"{request.url} was requested")


def a_gatepost(handler: Handler) -> Gatepost:
    transport = httpx2.MockTransport(handler)
    return Gatepost("http://gatepost.example", token="t", transport=transport, retries=None)


async def get_service_sync(handler: Handler, name: str) -> Service:
    with a_gatepost(handler) as gatepost:
        return gatepost.get_service(name)


async def get_service_async(handler: Handler, name: str) -> Service:
    transport = httpx2.MockTransport(handler)
    async with AsyncGatepost(
        "http://gatepost.example", token="t", transport=transport, retries=None
    ) as gatepost:
        return await gatepost.get_service(name)


@pytest.fixture(params=[get_service_sync, get_service_async], ids=["sync", "async"])
def get_service(request: pytest.FixtureRequest) -> GetService:
    """Get a service with both the synchronous and the asynchronous client."""
    function: GetService = request.param
    return function


async def test_method_returns_the_documented_object(get_service: GetService) -> None:
    """A method returns the object that its operation documents, without a wrapper."""
    service = await get_service(lambda _: httpx2.Response(200, json=SERVICE), "shop")

    assert (service.name, service.created_at.isoformat()) == ("shop", "2026-11-21T12:00:00+00:00")


async def test_problem_response_raises_an_error_with_all_its_fields(
    get_service: GetService,
) -> None:
    """The error contains the status, code, detail, invalid fields and allowed actions."""
    response = httpx2.Response(409, json=PROBLEM, headers=PROBLEM_HEADERS)

    with pytest.raises(GatepostProblem) as caught:
        await get_service(lambda _: response, "shop")

    problem = caught.value
    assert (problem.status, problem.code) == (409, "transition_refused")
    assert problem.detail == "To start is not possible."
    assert problem.deployment_status is DeploymentStatus.PENDING_APPROVAL
    assert problem.allowed_actions == [DeploymentAction.APPROVE, DeploymentAction.REJECT]
    assert [(error.pointer, error.detail) for error in problem.errors] == [("#/note", "Too long.")]
    assert str(problem) == (
        "409 transition_refused: To start is not possible.\n  #/note: Too long."
    )


@pytest.mark.parametrize("status", [405, 429, 500])
async def test_problem_with_an_undocumented_status_is_still_a_problem(
    get_service: GetService, status: int
) -> None:
    """A problem document is recognized by its media type, regardless of the status."""
    response = httpx2.Response(status, json={**PROBLEM, "status": status}, headers=PROBLEM_HEADERS)

    with pytest.raises(GatepostProblem) as caught:
        await get_service(lambda _: response, "shop")

    assert caught.value.status == status


async def test_problem_is_recognized_if_a_proxy_changed_its_media_type(
    get_service: GetService,
) -> None:
    """A problem sent as plain JSON is recognized if its status is a documented error."""
    with pytest.raises(GatepostProblem):
        await get_service(lambda _: httpx2.Response(404, json=PROBLEM), "shop")


@pytest.mark.parametrize("respond", UNEXPECTED.values(), ids=UNEXPECTED)
async def test_response_that_violates_the_contract_is_unexpected(
    get_service: GetService, respond: Callable[[], httpx2.Response]
) -> None:
    """The error contains the status and the content of the response."""
    with pytest.raises(UnexpectedAnswer) as caught:
        await get_service(lambda _: respond(), "shop")

    response = respond()
    assert (caught.value.status, caught.value.content) == (response.status_code, response.content)
    assert str(response.status_code) in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("timed out"),
        httpx2.RemoteProtocolError("disconnected"),
    ],
)
async def test_connection_error_names_the_server_and_the_cause(
    get_service: GetService, error: httpx2.HTTPError
) -> None:
    """The error names the server and the cause. Whether the request had an effect is unknown."""

    def fail(_: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(NoAnswer, match=f"http://gatepost.example.*{error}") as caught:
        await get_service(fail, "shop")

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
async def test_name_is_escaped_as_one_part_of_the_path(
    get_service: GetService, name: str, path: bytes
) -> None:
    """The name cannot change the path of the request."""
    paths = list[bytes]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        paths.append(request.url.raw_path)
        return httpx2.Response(200, json=SERVICE)

    await get_service(respond, name)

    assert paths == [path]


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 70_000])
async def test_name_that_cannot_be_part_of_a_path_is_refused(
    get_service: GetService, name: str
) -> None:
    """A name that would change the path or is too long is refused, and nothing is sent."""
    with pytest.raises(NotSendable):
        await get_service(refuse_to_send, name)


def test_arguments_that_are_none_are_not_sent() -> None:
    """Without a body, idempotency key or condition, the request has neither body nor headers."""
    sent = list[httpx2.Request]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(409, json=PROBLEM, headers=PROBLEM_HEADERS)

    with a_gatepost(respond) as gatepost, pytest.raises(GatepostProblem):
        gatepost.approve_deployment("DEP-1")

    assert sent[0].content == b""
    assert {"idempotency-key", "if-match"}.isdisjoint(sent[0].headers)


def test_arguments_are_sent() -> None:
    """The body, the idempotency key, the condition and the token are sent unchanged."""
    sent = list[httpx2.Request]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(409, json=PROBLEM, headers=PROBLEM_HEADERS)

    with a_gatepost(respond) as gatepost, pytest.raises(GatepostProblem):
        gatepost.approve_deployment(
            "DEP-1", ApproveBody(actor="quinn"), idempotency_key="k", if_match=etag(3)
        )

    assert json.loads(sent[0].content) == {"actor": "quinn"}
    assert sent[0].headers["idempotency-key"] == "k"
    assert sent[0].headers["if-match"] == '"3"'
    assert sent[0].headers["authorization"] == "Bearer t"


def test_idempotency_key_that_is_not_ascii_is_refused() -> None:
    """Text that is not ASCII is refused as an idempotency key, and nothing is sent."""
    with a_gatepost(refuse_to_send) as gatepost, pytest.raises(NotSendable):
        gatepost.start_deployment("DEP-1", idempotency_key="schlüssel")


def test_readiness_of_a_server_that_is_not_ready_is_a_result() -> None:
    """A documented 503 response of the readiness probe is returned with its reason, not raised."""
    response = httpx2.Response(503, json={"status": "failed", "reason": "the disk is full"})

    with a_gatepost(lambda _: response) as gatepost:
        health = gatepost.get_readiness()

    assert (health.status, health.reason) == (HealthState.FAILED, "the disk is full")


async def test_additions_of_a_newer_server_are_accepted(get_service: GetService) -> None:
    """Unknown fields are ignored and unknown enum values are passed through unchanged."""
    newer = {**SERVICE, "status": "retired", "owner": {"name": "ada"}}

    service = await get_service(lambda _: httpx2.Response(200, json=newer), "shop")

    assert service.status == "retired"
    assert copy.deepcopy(service.status) == service.status.value == service.status.name


def test_documented_204_returns_none() -> None:
    """A documented 204 response returns None, and any other response is parsed."""
    with a_gatepost(refuse_to_send) as gatepost:

        def parse_nothing(**_: object) -> None:
            return None

        client = gatepost.client
        assert parse_optional_response(client, httpx2.Response(204), parse_nothing) is None
        with pytest.raises(UnexpectedAnswer):
            parse_optional_response(client, httpx2.Response(502), parse_nothing)


def test_errors_can_be_pickled() -> None:
    """An error raised in a subprocess keeps its message and arguments in the parent process."""
    problem = GatepostProblem(Problem.from_dict(PROBLEM))
    unexpected = UnexpectedAnswer(502, b"<html>")

    copies: list[GatepostError] = pickle.loads(pickle.dumps([problem, unexpected]))  # noqa: S301

    assert [str(error) for error in copies] == [str(problem), str(unexpected)]
    assert copies[0].args == (problem.problem,)
