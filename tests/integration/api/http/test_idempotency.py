"""Idempotency keys over HTTP: one effect per key, and the same response to each repeat."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.support.builders import FrozenClock
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
    running_api,
)

KEY = {"Idempotency-Key": "key-1"}

POST_REQUESTS: list[tuple[str, Json]] = [
    ("/deployments", deployment_body()),
    ("/services", {"name": "till", "team": "t", "repo_url": "https://git.example/till"}),
    ("/services/shop/versions", {"version": "2.0.0"}),
    ("/environments", {"name": "canary", "tier": "production"}),
    ("/users", {"name": "finn"}),
    ("/deployments/DEP-1/approve", {"stage": "qa"}),
    ("/deployments/DEP-1/reject", {"note": "No."}),
    ("/deployments/DEP-1/cancel", {"note": "No."}),
    ("/deployments/DEP-2/start", {}),
    ("/deployments/DEP-3/succeed", {}),
    ("/deployments/DEP-3/fail", {"note": "It broke."}),
    ("/deployments/DEP-3/rollback", {"note": "It broke."}),
]


def assert_replayed(replayed: httpx2.Response, first: httpx2.Response) -> None:
    """Assert that a replay equals the first response and is marked as a replay."""
    assert replayed.content == first.content
    assert replayed.status_code == first.status_code
    assert "Idempotent-Replayed" not in first.headers
    assert replayed.headers["Idempotent-Replayed"] == "true"
    changing = {"idempotent-replayed": "", "ratelimit": "", "x-request-id": ""}
    assert {**replayed.headers, **changing} == {**first.headers, **changing}


@pytest.mark.parametrize("key", ["", "a b", "ä", "a\tb", "k" * 256])
async def test_invalid_key_is_refused(api: Api, key: str) -> None:
    """A key must be 1 to 255 printable ASCII characters without spaces."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments", deployment_body(), headers={b"Idempotency-Key": key.encode()}
        )

    assert_problem(response, 422, "invalid", "header/Idempotency-Key")


async def test_key_with_another_body_is_refused(api: Api) -> None:
    """The second request is refused, and nothing is stored."""
    created_json(await api.post("/deployments", deployment_body(), headers=KEY))
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(notes="Also."), headers=KEY)

    assert_problem(response, 422, "idempotency_mismatch")


async def test_key_with_another_path_is_refused(api: Api) -> None:
    """The same body sent to another path is a different request, which cannot reuse the key."""
    first, second = await api.create_deployment(), await api.create_deployment()
    note = {"note": "Enough."}
    ok_json(await api.post(f"/deployments/{first['id']}/cancel", note, headers=KEY))
    with api.assert_nothing_stored():
        response = await api.post(f"/deployments/{second['id']}/cancel", note, headers=KEY)

    assert_problem(response, 422, "idempotency_mismatch")


@pytest.mark.parametrize(("path", "body"), POST_REQUESTS)
async def test_repeated_request_gets_the_first_response(api: Api, path: str, body: Json) -> None:
    """Every operation with a key replays its response, even if the resource has changed since."""
    await api.create_deployment()
    await api.create_deployment(environment="development")
    await api.create_deployment(environment="development", service="cart", start=True)
    first = await api.post(path, body, headers=KEY)
    assert first.is_success, first.text
    api.clock.advance(timedelta(hours=23))
    with api.assert_nothing_stored():
        replayed = await api.post(path, body, headers=KEY)

    assert_replayed(replayed, first)


async def test_replay_shows_the_first_result(api: Api) -> None:
    """A replay does not show later changes of the deployment."""
    first = await api.post("/deployments", deployment_body(), headers=KEY)
    ok_json(await api.post("/deployments/DEP-1/cancel", {"note": "Enough."}))

    assert_replayed(await api.post("/deployments", deployment_body(), headers=KEY), first)


async def test_repeated_conditional_action_is_not_stale(api: Api) -> None:
    """A replay succeeds although the If-Match of the request is outdated by then."""
    deployment = await api.create_deployment()
    path, headers = f"/deployments/{deployment['id']}/cancel", KEY | {"If-Match": '"1"'}
    first = await api.post(path, {"note": "Enough."}, headers=headers)

    assert_replayed(await api.post(path, {"note": "Enough."}, headers=headers), first)


async def test_key_in_quotation_marks_is_the_same_key(api: Api) -> None:
    """A client can send the key as a string of a structured header field (RFC 9651)."""
    first = await api.post("/deployments", deployment_body(), headers=KEY)
    quoted = {"Idempotency-Key": f'"{KEY["Idempotency-Key"]}"'}

    assert_replayed(await api.post("/deployments", deployment_body(), headers=quoted), first)


async def test_refused_request_is_not_remembered(api: Api) -> None:
    """The same key can be used again once the cause of the refusal is gone."""
    refused = await api.post("/deployments", deployment_body(version="2.0.0"), headers=KEY)
    assert_problem(refused, 422, "version_not_of_service", "#/version")
    await api.version("2.0.0")

    response = await api.post("/deployments", deployment_body(version="2.0.0"), headers=KEY)
    assert created_json(response)["version"] == "2.0.0"
    assert "Idempotent-Replayed" not in response.headers


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=6), timedelta(days=7)])
async def test_response_is_kept_for_seven_days(api: Api, age: timedelta) -> None:
    """The response is replayed for up to seven days after the first request."""
    first = await api.post("/deployments", deployment_body(), headers=KEY)
    api.clock.advance(age)

    assert_replayed(await api.post("/deployments", deployment_body(), headers=KEY), first)


@pytest.mark.parametrize("body", [deployment_body(), deployment_body(notes="Also.")])
async def test_response_is_forgotten_after_seven_days(api: Api, body: Json) -> None:
    """After seven days, the key can be used for the same or another request."""
    created_json(await api.post("/deployments", deployment_body(), headers=KEY))
    api.clock.advance(timedelta(days=7, microseconds=1))

    response = await api.post("/deployments", body, headers=KEY)
    assert created_json(response)["number"] == "DEP-2"
    assert "Idempotent-Replayed" not in response.headers
    assert api.row_counts()["receipts"] == 1


async def test_keys_belong_to_their_caller(api: Api) -> None:
    """Two callers who use the same key do not affect each other."""
    body = deployment_body("requester")
    first = await api.post("/deployments", body, headers=auth_header("ada") | KEY)
    second = await api.post("/deployments", body, headers=auth_header("bo") | KEY)

    assert (created_json(first)["requester"], created_json(second)["requester"]) == ("ada", "bo")
    assert_replayed(await api.post("/deployments", body, headers=auth_header("ada") | KEY), first)


async def test_twenty_concurrent_requests_have_one_effect(api: Api) -> None:
    """All repeats get the same response, and requests with another body are refused."""
    bodies = [deployment_body() for _ in range(20)] + [
        deployment_body(notes="Also.") for _ in range(2)
    ]
    responses = await asyncio.gather(
        *(api.post("/deployments", body, headers=KEY) for body in bodies)
    )

    (first,) = (
        response for response in responses[:20] if "Idempotent-Replayed" not in response.headers
    )
    for response in responses[:20]:
        if response is not first:
            assert_replayed(response, first)
    for response in responses[20:]:
        assert_problem(response, 422, "idempotency_mismatch")
    assert [item["id"] for item in await api.list_all("/deployments")] == [
        created_json(first)["id"]
    ]
    assert len(await api.events(created_json(first))) == 1


async def test_twenty_concurrent_actions_have_one_effect(api: Api) -> None:
    """Every repeat of an action gets the same successful response."""
    await api.create_deployment()
    responses = await asyncio.gather(
        *(
            api.post("/deployments/DEP-1/cancel", {"note": "Enough."}, headers=KEY)
            for _ in range(20)
        )
    )

    assert {response.status_code for response in responses} == {200}
    assert len({response.content for response in responses}) == 1
    assert len(await api.list_all("/deployments/DEP-1/events")) == 2


async def test_response_survives_a_restart(database: Path) -> None:
    """A client that missed the response gets it from the restarted server."""
    clock = FrozenClock()
    async with running_api(database, clock) as api:
        first = await api.post("/deployments", deployment_body(), headers=KEY)

    async with running_api(database, clock) as api:
        assert_replayed(await api.post("/deployments", deployment_body(), headers=KEY), first)


async def test_requests_without_a_key_are_independent(api: Api) -> None:
    """Two equal requests without a key create two deployments."""
    numbers = [(await api.create_deployment())["number"] for _ in range(2)]

    assert numbers == ["DEP-1", "DEP-2"]
    assert api.row_counts()["receipts"] == 0


async def test_longest_key_is_accepted(api: Api) -> None:
    """The key has 255 characters, including the first and last allowed ones."""
    headers = {"Idempotency-Key": "!~" * 127 + "k"}

    created_json(await api.post("/deployments", deployment_body(), headers=headers))
