"""The bounds on deployments that wait to start, by requester and by lane."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import (
    Api,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)

STAGES = [{"name": "qa", "rules": [{"group": "qa"}]}]


async def put_limits(api: Api, environment: str = "production", **limits: int | None) -> None:
    policy = {"approval_stages": STAGES, **limits}
    ok_json(await api.put(f"/environments/{environment}/policy", policy))


async def request(api: Api, *, by: str = "ada", **changes: Any) -> Any:
    return await api.post("/deployments", deployment_body(**changes), headers=auth_header(by))


async def test_requester_beyond_the_bound_is_refused(api: Api) -> None:
    """The problem names the bound and what to do; others, and other environments, are not hit."""
    await put_limits(api, max_open_per_requester=2)
    for service in ("shop", "cart"):
        await api.create_deployment(service=service)

    with api.assert_nothing_stored():
        problem = assert_problem(await request(api), 409, "too_many_open_requests")

    assert problem["detail"] == (
        "2 deployments of ada in production are waiting to start, which is the maximum "
        "(max_open_per_requester in the policy of production). Cancel those that are no longer "
        "needed, or wait until some have started."
    )
    created_json(await request(api, by="bo"))
    created_json(await request(api, environment="staging"))


async def test_lane_beyond_the_bound_is_refused(api: Api) -> None:
    """Requests by different people count together; other services are not hit."""
    await put_limits(api, max_open_per_lane=2)
    for by in ("ada", "bo"):
        created_json(await request(api, by=by))

    problem = assert_problem(await request(api, by="olga"), 409, "too_many_open_requests")

    assert "shop in production" in problem["detail"]
    assert "max_open_per_lane" in problem["detail"]
    created_json(await request(api, by="olga", service="cart"))


@pytest.mark.parametrize("end", [Action.CANCEL, Action.REJECT, Action.APPROVE])
async def test_ended_or_started_requests_make_room(api: Api, end: Action) -> None:
    """As the problem says: cancelling a request, or starting it, makes room for another one."""
    await put_limits(api, max_open_per_lane=1, max_open_per_requester=1)
    deployment = await api.create_deployment()
    assert_problem(await request(api), 409, "too_many_open_requests")

    ok_json(await api.perform(deployment, end, actor="quinn"))
    if end is Action.APPROVE:
        assert_problem(await request(api), 409, "too_many_open_requests")
        ok_json(await api.perform(deployment, Action.START))

    created_json(await request(api))


async def test_preview_and_promotion_say_it_too(api: Api) -> None:
    """A preview fails like the request, and so does a promotion."""
    await put_limits(api, "production", max_open_per_lane=1)
    staged = await api.create_deployment(environment="staging")
    for action, actor in ((Action.APPROVE, "quinn"), (Action.START, "owner")):
        ok_json(await api.perform(staged, action, actor=actor))
    ok_json(await api.perform(staged, Action.SUCCEED))
    await api.create_deployment()

    previewed = await api.post("/deployments/preview", deployment_body())
    body = {"environment": "production", "risk": "None."}
    promoted = await api.post(f"/deployments/{staged['number']}/promote", body)

    assert_problem(previewed, 409, "too_many_open_requests")
    assert_problem(promoted, 409, "too_many_open_requests")


async def test_blocked_automatic_promotion_is_recorded(api: Api) -> None:
    """A deployment that succeeds is not hindered; the reason for not promoting it is recorded."""
    await put_limits(api, max_open_per_lane=1)
    policy = {"promotes_to": "production", "auto_promote": True}
    ok_json(await api.put("/environments/development/policy", policy))
    await api.create_deployment()
    source = await api.create_deployment(environment="development")
    ok_json(await api.perform(source, Action.START))

    succeeded = ok_json(await api.perform(source, Action.SUCCEED))

    assert succeeded["status"] == "succeeded"
    assert succeeded["promotion_blocked"]["code"] == "too_many_open_requests"


async def test_rollback_is_never_refused(api: Api) -> None:
    """A redeployment after a rollback is requested even if its lane is full."""
    await api.deployment(Status.SUCCEEDED)
    await api.version("1.1.0")
    bad = await api.deployment(Status.SUCCEEDED, version="1.1.0")
    await put_limits(api, max_open_per_lane=1, max_open_per_requester=1)
    await api.create_deployment(version="1.1.0")

    body = {"note": "It times out.", "redeploy": True}
    rolled_back = ok_json(await api.post(f"/deployments/{bad['number']}/rollback", body))

    redeployment = ok_json(await api.get(f"/deployments/{rolled_back['rolled_back_by']}"))
    assert (redeployment["kind"], redeployment["version"]) == ("rollback", "1.0.0")


async def test_bounds_can_be_lifted(api: Api) -> None:
    """Null means no limit, and a limit above 10,000 is refused, because requests are counted."""
    await put_limits(api, max_open_per_requester=None, max_open_per_lane=None)
    for _ in range(3):
        await api.create_deployment()

    for value in (0, 10_001):
        refused = await api.put(
            "/environments/production/policy",
            {"approval_stages": STAGES, "max_open_per_lane": value},
        )
        assert_problem(refused, 422, "invalid", "#/max_open_per_lane")
