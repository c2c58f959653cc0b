"""Repeating a request over HTTP: one effect for each key, and the first answer again."""

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

EVERY_POST: list[tuple[str, Json]] = [
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


def same(replayed: httpx2.Response, first: httpx2.Response) -> None:
    """A replay is the first answer, byte for byte, and says that it is one."""
    assert replayed.content == first.content
    assert replayed.status_code == first.status_code
    assert "Idempotent-Replayed" not in first.headers
    assert replayed.headers["Idempotent-Replayed"] == "true"
    assert {**replayed.headers, "idempotent-replayed": ""} == {
        **first.headers,
        "idempotent-replayed": "",
    }


@pytest.mark.parametrize("key", ["", "a b", "ä", "a\tb", "k" * 256])
async def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    """A key is 1 to 255 printable ASCII characters without a space."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments", deployment_body(), headers={b"Idempotency-Key": key.encode()}
        )

    assert_problem(response, 422, "invalid", "header/Idempotency-Key")


async def test_a_key_does_not_stand_for_another_body(api: Api) -> None:
    """Whoever sends something else under the same key is told, and nothing happens."""
    created_json(await api.post("/deployments", deployment_body(), headers=KEY))
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(notes="Also."), headers=KEY)

    assert_problem(response, 422, "idempotency_mismatch")


async def test_a_key_does_not_stand_for_another_request(api: Api) -> None:
    """The same body, sent elsewhere, is something else."""
    first, second = await api.create_deployment(), await api.create_deployment()
    note = {"note": "Enough."}
    ok_json(await api.post(f"/deployments/{first['id']}/cancel", note, headers=KEY))
    with api.assert_nothing_stored():
        response = await api.post(f"/deployments/{second['id']}/cancel", note, headers=KEY)

    assert_problem(response, 422, "idempotency_mismatch")


@pytest.mark.parametrize(("path", "body"), EVERY_POST)
async def test_a_repeated_request_gets_the_first_answer(api: Api, path: str, body: Json) -> None:
    """For each operation that can be repeated: nothing is done twice, whatever changed since."""
    await api.create_deployment()
    await api.create_deployment(environment="development")
    await api.create_deployment(environment="development", service="cart", start=True)
    first = await api.post(path, body, headers=KEY)
    assert first.is_success, first.text
    api.clock.advance(timedelta(hours=23))
    with api.assert_nothing_stored():
        replayed = await api.post(path, body, headers=KEY)

    same(replayed, first)


async def test_a_replay_tells_what_was_done_not_what_stands(api: Api) -> None:
    """Also when the deployment has moved on meanwhile."""
    first = await api.post("/deployments", deployment_body(), headers=KEY)
    ok_json(await api.post("/deployments/DEP-1/cancel", {"note": "Enough."}))

    same(await api.post("/deployments", deployment_body(), headers=KEY), first)


async def test_a_repeat_of_a_conditional_action_is_not_stale(api: Api) -> None:
    """The condition held when the action was done, and is not asked again."""
    deployment = await api.create_deployment()
    path, headers = f"/deployments/{deployment['id']}/cancel", KEY | {"If-Match": '"1"'}
    first = await api.post(path, {"note": "Enough."}, headers=headers)

    same(await api.post(path, {"note": "Enough."}, headers=headers), first)


async def test_a_refusal_is_not_remembered(api: Api) -> None:
    """Once what was in the way is gone, the same request with the same key is carried out."""
    refused = await api.post("/deployments", deployment_body(version="2.0.0"), headers=KEY)
    assert_problem(refused, 422, "version_not_of_service", "#/version")
    await api.version("2.0.0")

    response = await api.post("/deployments", deployment_body(version="2.0.0"), headers=KEY)
    assert created_json(response)["version"] == "2.0.0"
    assert "Idempotent-Replayed" not in response.headers


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=6), timedelta(days=7)])
async def test_an_answer_is_kept_for_seven_days(api: Api, age: timedelta) -> None:
    """Up to that instant, a repeat is safe."""
    first = await api.post("/deployments", deployment_body(), headers=KEY)
    api.clock.advance(age)

    same(await api.post("/deployments", deployment_body(), headers=KEY), first)


@pytest.mark.parametrize("body", [deployment_body(), deployment_body(notes="Also.")])
async def test_an_answer_is_forgotten_after_seven_days(api: Api, body: Json) -> None:
    """Then the key is as good as new, for the same request or for another."""
    created_json(await api.post("/deployments", deployment_body(), headers=KEY))
    api.clock.advance(timedelta(days=7, microseconds=1))

    response = await api.post("/deployments", body, headers=KEY)
    assert created_json(response)["number"] == "DEP-2"
    assert "Idempotent-Replayed" not in response.headers
    assert api.row_counts()["receipts"] == 1


async def test_the_same_key_of_another_caller_is_another_key(api: Api) -> None:
    """Nobody sees another's answer, or is kept from acting, by choosing the same key."""
    body = deployment_body("requester")
    first = await api.post("/deployments", body, headers=auth_header("ada") | KEY)
    second = await api.post("/deployments", body, headers=auth_header("bo") | KEY)

    assert (created_json(first)["requester"], created_json(second)["requester"]) == ("ada", "bo")
    same(await api.post("/deployments", body, headers=auth_header("ada") | KEY), first)


async def test_of_twenty_repeats_at_once_one_takes_effect(api: Api) -> None:
    """The others get its answer, and those that ask for something else are refused."""
    bodies = [deployment_body() for _ in range(20)] + [
        deployment_body(notes="Also.") for _ in range(2)
    ]
    answers = await asyncio.gather(
        *(api.post("/deployments", body, headers=KEY) for body in bodies)
    )

    (first,) = (each for each in answers[:20] if "Idempotent-Replayed" not in each.headers)
    for answer in answers[:20]:
        if answer is not first:
            same(answer, first)
    for answer in answers[20:]:
        assert_problem(answer, 422, "idempotency_mismatch")
    assert [item["id"] for item in await api.list_all("/deployments")] == [
        created_json(first)["id"]
    ]
    assert len(await api.events(created_json(first))) == 1


async def test_of_twenty_repeated_actions_at_once_one_takes_effect(api: Api) -> None:
    """An action that could be done once only is answered as done to all who repeat it."""
    await api.create_deployment()
    answers = await asyncio.gather(
        *(
            api.post("/deployments/DEP-1/cancel", {"note": "Enough."}, headers=KEY)
            for _ in range(20)
        )
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(await api.list_all("/deployments/DEP-1/events")) == 2


async def test_an_answer_is_kept_over_a_restart(database: Path) -> None:
    """Whoever lost the answer because the server ended gets it from the next one."""
    clock = FrozenClock()
    async with running_api(database, clock) as api:
        first = await api.post("/deployments", deployment_body(), headers=KEY)

    async with running_api(database, clock) as api:
        same(await api.post("/deployments", deployment_body(), headers=KEY), first)


async def test_without_a_key_a_repeat_is_another_request(api: Api) -> None:
    """Nothing is guessed: two requests without a key are two deployments."""
    numbers = [(await api.create_deployment())["number"] for _ in range(2)]

    assert numbers == ["DEP-1", "DEP-2"]
    assert api.row_counts()["receipts"] == 0


async def test_a_key_of_the_greatest_length_is_taken(api: Api) -> None:
    """255 characters, of the first and the last that there are."""
    headers = {"Idempotency-Key": "!~" * 127 + "k"}

    created_json(await api.post("/deployments", deployment_body(), headers=headers))
