"""Retrying a rollback over HTTP: another deployment of kind rollback, by the same rules."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.status_transitions import Action
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)

NOTE: Final = {"note": "The disk is free again."}


async def deploy(api: Api, version: str) -> Json:
    deployment = await api.create_deployment(environment="live", version=version)
    ok_json(await api.perform(deployment, Action.START))
    succeeded: Json = ok_json(await api.perform(deployment, Action.SUCCEED))
    return succeeded


async def rolled_back(api: Api) -> tuple[Json, Json]:
    """Deploy 1.0.0 and 2.0.0 to an environment without reviewers, and roll 2.0.0 back.

    Return the deployment that was rolled back, and the one that was created in its place.
    """
    created_json(await api.post("/environments", {"name": "live", "tier": "staging"}))
    ok_json(await api.put("/environments/live/policy", {}))
    await api.version("2.0.0")
    await deploy(api, "1.0.0")
    path = f"/deployments/{(await deploy(api, '2.0.0'))['number']}/rollback"
    bad = ok_json(await api.post(path, {"note": "It times out.", "redeploy": True}))
    return bad, ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))


async def retry(api: Api, rollback: Json, body: Any = None, *, by: str = "olga") -> Any:
    return await api.post(f"/deployments/{rollback['number']}/retry", body, headers=auth_header(by))


async def can_retry(api: Api, deployment: Json, by: str = "olga") -> bool:
    path = f"/deployments/{deployment['number']}/gates"
    actions = ok_json(await api.get(path, headers=auth_header(by)))["actions"]
    return any(each["allowed"] for each in actions if each["action"] == "retry")


@pytest.mark.parametrize("actions", [[Action.START, Action.FAIL], [Action.CANCEL]])
async def test_rollback_that_did_not_succeed_is_retried(api: Api, actions: list[Action]) -> None:
    """The new deployment replaces the first attempt, and brings the version back."""
    bad, first = await rolled_back(api)
    for action in actions:
        first = ok_json(await api.perform(first, action))
    assert await can_retry(api, first)

    response = await retry(api, first, NOTE)

    second = ok_json(response)
    assert response.headers["Location"] == f"/api/v1/deployments/{second['id']}"
    assert (second["kind"], second["version"], second["status"]) == (
        "rollback",
        "1.0.0",
        "approved",
    )
    assert (second["rolls_back"], second["notes"]) == (bad["id"], NOTE["note"])
    assert not await can_retry(api, first)
    replaced = ok_json(await api.get(f"/deployments/{bad['number']}"))
    assert (replaced["rolled_back_by"], replaced["status"]) == (second["id"], "rolled_back")
    assert (await api.events(bad))[-1]["kind"] == "rollback_retried"
    for action in (Action.START, Action.SUCCEED):
        ok_json(await api.perform(second, action))
    (cell,) = ok_json(await api.get("/deployments/current", params={"service": "shop"}))["cells"]
    assert (cell["version"], cell["number"]) == ("1.0.0", second["number"])


async def test_current_state_shows_the_retry_under_way(api: Api) -> None:
    """The bad version is live until the retry has succeeded, and the cell names the retry."""
    _, first = await rolled_back(api)
    first = ok_json(await api.perform(first, Action.CANCEL))
    second = ok_json(await retry(api, first))

    (cell,) = ok_json(await api.get("/deployments/current", params={"service": "shop"}))["cells"]

    assert cell["version"] == "2.0.0"
    assert cell["rolling_back_to"]["number"] == second["number"]


async def test_retry_of_another_kind_of_deployment_is_refused(api: Api) -> None:
    """Whoever cancelled an ordinary request requests it again."""
    request = await api.create_deployment()
    cancelled = ok_json(await api.perform(request, Action.CANCEL))
    with api.assert_nothing_stored():
        response = await retry(api, cancelled)

    problem = assert_problem(response, 409, "not_a_rollback")
    assert problem["deployment_status"] == "cancelled"
    created_json(await api.post("/deployments", deployment_body()))


async def test_second_retry_of_the_same_attempt_is_refused(api: Api) -> None:
    """Two operators who retry at once create one deployment."""
    _, first = await rolled_back(api)
    first = ok_json(await api.perform(first, Action.CANCEL))
    second = ok_json(await retry(api, first))
    with api.assert_nothing_stored():
        response = await retry(api, first, by="owner")

    problem = assert_problem(response, 409, "rollback_replaced")
    assert second["number"] in problem["detail"]


async def test_retry_with_a_key_is_replayed(api: Api) -> None:
    """A client that repeats the request gets the same deployment."""
    _, first = await rolled_back(api)
    first = ok_json(await api.perform(first, Action.CANCEL))
    headers = {**auth_header("olga"), "Idempotency-Key": "retry-1"}
    path = f"/deployments/{first['number']}/retry"
    second = ok_json(await api.post(path, NOTE, headers=headers))

    again = await api.post(path, NOTE, headers=headers)

    assert (ok_json(again), again.headers["Idempotent-Replayed"]) == (second, "true")
