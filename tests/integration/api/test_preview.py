"""Asking what would become of a request, what waits for one's review, and which rules held when."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action, Status
from tests.support.http.api import Api, Json, assert_problem, auth_header, deployment_body, ok_json
from tests.support.http.users import create_user

ADA: Final = auth_header("ada")


async def preview(api: Api, **changes: Any) -> Any:
    return await api.post("/deployments/preview", deployment_body(**changes), headers=ADA)


async def test_a_preview_tells_review_and_gates_and_keeps_nothing(api: Api) -> None:
    """As the request itself would find them."""
    with api.assert_nothing_stored():
        told = ok_json(await preview(api))

    assert [stage["name"] for stage in told["review"]["stages"]] == ["qa", "devops"]
    assert (told["review"]["label"], told["can_start"]) == ("requested", False)
    states = {gate["kind"]: gate["state"] for gate in told["gates"]}
    assert states.pop("approval") == "waiting"
    assert set(states.values()) == {"open"}
    offers = {offer["action"]: offer["allowed"] for offer in told["actions"]}
    assert (offers["approve"], offers["cancel"]) == (False, True)
    asked = await api.create_deployment()
    gates = ok_json(await api.get(f"/deployments/{asked['number']}/gates", headers=ADA))
    assert gates["gates"][0]["message"] == told["gates"][0]["message"]


async def test_a_preview_tells_that_it_could_start_at_once(api: Api) -> None:
    """Where nobody is asked and nothing is under way; a busy lane is told as that."""
    assert ok_json(await preview(api, environment="development"))["can_start"] is True
    await api.deployment(Status.STARTED)

    gates = ok_json(await preview(api))["gates"]

    assert {gate["kind"]: gate["code"] for gate in gates}["lane"] == "lane_busy"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"service": "nobody"}, "unknown_service", "#/service"),
        ({"version": "9.9"}, "version_not_of_service", "#/version"),
        ({"risk": None}, "risk_required", "#/risk"),
    ],
)
async def test_a_preview_is_refused_as_the_request_would_be(
    api: Api, changes: Json, code: str, pointer: str
) -> None:
    """With the same code and pointer, and without a trace."""
    with api.assert_nothing_stored():
        assert_problem(await preview(api, **changes), 422, code, pointer)


async def inbox(api: Api, name: str, **params: Any) -> list[str]:
    page = ok_json(await api.get("/reviews/inbox", params=params, headers=auth_header(name)))
    return [each["number"] for each in page["items"]]


async def test_the_inbox_holds_what_one_could_approve_now(api: Api) -> None:
    """Oldest first: not one's own, not another stage's, not what one approved already."""
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


async def test_the_inbox_comes_in_parts(api: Api) -> None:
    """Each once, however many there are that are not one's own."""
    for number in range(6):
        await api.create_deployment(by="ada" if number % 2 else "bo")

    numbers = [each["number"] for each in await api.list_all("/reviews/inbox", limit=1)]

    assert numbers == [f"DEP-{number}" for number in range(1, 7)]
    page = ok_json(await api.get("/reviews/inbox", params={"limit": 2}, headers=ADA))
    assert [each["number"] for each in page["items"]] == ["DEP-1", "DEP-3"]
    rest = {"limit": 2, "cursor": page["next_cursor"]}
    page = ok_json(await api.get("/reviews/inbox", params=rest, headers=ADA))
    assert [each["number"] for each in page["items"]] == ["DEP-5"]


async def test_the_versions_of_a_policy_are_listed_the_latest_first(api: Api) -> None:
    """Each as it was put, by whom and when, in parts."""
    for auto_start in (True, False):
        ok_json(await api.put("/environments/staging/policy", {"auto_start": auto_start}))

    path = "/environments/staging/policy/versions"
    versions = await api.list_all(path, limit=1)

    assert [(each["version"], each["auto_start"]) for each in versions] == [
        (3, False),
        (2, True),
        (1, False),
    ]
    assert ok_json(await api.get(path))["items"] == versions
    assert versions[0] == ok_json(await api.get("/environments/staging/policy"))
    assert_problem(
        await api.get("/environments/nowhere/policy/versions"), 404, "unknown_environment"
    )


async def test_a_look_sees_one_view_and_changes_nothing(api: Api) -> None:
    """Whatever the action tries."""
    reads = api.app.state.context.reads
    asked = await api.create_deployment()

    assert await reads.read_snapshot(lambda uow: uow.deployments.next_number()) == 2
    waiting = await reads.read_snapshot(
        lambda uow: uow.deployments.list_waiting("shop", "production")
    )
    assert [str(each.id) for each in waiting] == [asked["id"]]
    with api.assert_nothing_stored(), pytest.raises(Exception, match="readonly"):
        await reads.read_snapshot(
            lambda uow: uow.users.record_token_use(waiting[0].id, api.clock.at)
        )
