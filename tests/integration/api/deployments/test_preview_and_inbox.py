"""Deployment previews, the reviewer inbox and policy versions over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, auth_header, deployment_body, ok_json
from tests.support.http.users import create_user

ADA: Final = auth_header("ada")


async def preview(api: Api, **changes: Any) -> Any:
    return await api.post("/deployments/preview", deployment_body(**changes), headers=ADA)


async def test_preview_shows_review_and_gates_and_stores_nothing(api: Api) -> None:
    """The preview shows the stages, gates and actions that the deployment would have."""
    with api.assert_nothing_stored():
        previewed = ok_json(await preview(api))

    assert [stage["name"] for stage in previewed["review"]["stages"]] == ["qa", "devops"]
    assert (previewed["review"]["label"], previewed["can_start"]) == ("requested", False)
    states = {gate["kind"]: gate["state"] for gate in previewed["gates"]}
    assert states.pop("approval") == "waiting"
    assert set(states.values()) == {"open"}
    offers = {offer["action"]: offer["allowed"] for offer in previewed["actions"]}
    assert (offers["approve"], offers["cancel"]) == (False, True)
    deployment = await api.create_deployment()
    gates = ok_json(await api.get(f"/deployments/{deployment['number']}/gates", headers=ADA))
    assert gates["gates"][0]["message"] == previewed["gates"][0]["message"]


async def test_preview_shows_whether_the_deployment_could_start(api: Api) -> None:
    """The start is possible if nothing blocks the deployment. A busy lane is shown as a gate."""
    assert ok_json(await preview(api, environment="development"))["can_start"] is True
    await api.deployment(Status.STARTED)

    gates = ok_json(await preview(api))["gates"]

    assert {gate["kind"]: gate["code"] for gate in gates}["lane"] == "lane_busy"


async def test_preview_can_assume_that_the_version_is_registered(api: Api) -> None:
    """The gates of a version that is not built yet are shown, and nothing is registered."""
    path = "/deployments/preview?assume_registered=true"
    with api.assert_nothing_stored():
        previewed = ok_json(await api.post(path, deployment_body(version="9.9"), headers=ADA))

    assert [gate["state"] for gate in previewed["gates"] if gate["kind"] == "approval"] == [
        "waiting"
    ]
    refused = await api.post(path, deployment_body(service="nobody"), headers=ADA)
    assert_problem(refused, 422, "unknown_service", "#/service")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"service": "nobody"}, "unknown_service", "#/service"),
        ({"version": "9.9"}, "version_not_of_service", "#/version"),
        ({"risk": None}, "risk_required", "#/risk"),
    ],
)
async def test_preview_is_refused_like_the_request(
    api: Api, changes: Json, code: str, pointer: str
) -> None:
    """The code and the pointer match those of the request, and nothing is stored."""
    with api.assert_nothing_stored():
        assert_problem(await preview(api, **changes), 422, code, pointer)


async def inbox(api: Api, name: str, **params: Any) -> list[str]:
    page = ok_json(await api.get("/reviews/inbox", params=params, headers=auth_header(name)))
    return [item["number"] for item in page["items"]]


async def test_inbox_lists_what_the_caller_can_approve(api: Api) -> None:
    """Requests by the caller and stages for other reviewers are left out; the oldest is first."""
    first, second = await api.create_deployment(by="ada"), await api.create_deployment(by="bo")
    await create_user(api, "una", Role.REVIEWER, groups=("devops",))
    await create_user(api, "vic", Role.REQUESTER)

    assert await inbox(api, "quinn") == [first["number"], second["number"]]
    assert await inbox(api, "ada") == [second["number"]]
    assert await inbox(api, "una") == []
    assert await inbox(api, "vic") == []
    ok_json(await api.perform(first, Action.APPROVE, actor="quinn"))
    assert await inbox(api, "quinn") == [second["number"]]
    assert await inbox(api, "una") == [first["number"]]
    ok_json(await api.perform(first, Action.REJECT, actor="devin"))
    assert await inbox(api, "una") == []


async def test_inbox_is_paginated(api: Api) -> None:
    """Each deployment appears once, even if the caller's own deployments lie in between."""
    for number in range(6):
        await api.create_deployment(by="ada" if number % 2 else "bo")

    numbers = [item["number"] for item in await api.list_all("/reviews/inbox", limit=1)]

    assert numbers == [f"DEP-{number}" for number in range(1, 7)]
    page = ok_json(await api.get("/reviews/inbox", params={"limit": 2}, headers=ADA))
    assert [item["number"] for item in page["items"]] == ["DEP-1", "DEP-3"]
    next_page = {"limit": 2, "cursor": page["next_cursor"]}
    page = ok_json(await api.get("/reviews/inbox", params=next_page, headers=ADA))
    assert [item["number"] for item in page["items"]] == ["DEP-5"]


async def test_policy_versions_are_listed_newest_first(api: Api) -> None:
    """The versions are listed in pages, each with its rules."""
    for auto_start in (True, False):
        ok_json(await api.put("/environments/staging/policy", {"auto_start": auto_start}))

    path = "/environments/staging/policy/versions"
    versions = await api.list_all(path, limit=1)

    assert [(version["version"], version["auto_start"]) for version in versions] == [
        (3, False),
        (2, True),
        (1, False),
    ]
    assert ok_json(await api.get(path))["items"] == versions
    assert versions[0] == ok_json(await api.get("/environments/staging/policy"))
    assert_problem(
        await api.get("/environments/nowhere/policy/versions"), 404, "unknown_environment"
    )


async def test_snapshot_is_read_only(api: Api) -> None:
    """A snapshot reads the current state and refuses writes."""
    reads = api.app.state.context.reads
    deployment = await api.create_deployment()

    assert await reads.read_snapshot(lambda uow: uow.deployments.next_number()) == 2
    waiting = await reads.read_snapshot(
        lambda uow: uow.deployments.list_waiting("shop", "production")
    )
    assert [str(waiting_deployment.id) for waiting_deployment in waiting] == [deployment["id"]]
    (token,) = (await reads.tokens("ada", PageRequest(limit=9))).items
    later = api.clock.at + timedelta(hours=1)
    with api.assert_nothing_stored(), pytest.raises(Exception, match="readonly"):
        await reads.read_snapshot(lambda uow: uow.users.record_token_use(token.id, later))
