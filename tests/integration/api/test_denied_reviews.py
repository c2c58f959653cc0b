"""Reviews over HTTP that may not count: they are refused, and the attempt is on record."""

from __future__ import annotations

import pytest

from gatepost_domain.status import Action
from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json

UNTOUCHED = ("deployments", "receipts", "services", "versions", "environments", "policies")


async def check_recorded(
    api: Api, before: Json, events: list[Json], actor: str, code: str, named: str | None = None
) -> None:
    """The deployment is as it was, and one more event tells of the attempt."""
    *earlier, denied = await api.events(before)
    assert earlier == events
    assert (denied["kind"], denied["actor"]) == ("review_denied", actor)
    assert denied["data"] == {"code": code} | ({} if named is None else {"named": named})
    assert denied["from_status"] == denied["to_status"] == before["status"]
    assert ok_json(await api.get(f"/deployments/{before['id']}")) == before


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
@pytest.mark.parametrize("name", ["ada", "Ada", " ada ", "\uff41da"])
async def test_a_requester_cannot_review_their_own_deployment(
    api: Api, action: Action, name: str
) -> None:
    """However the requester spells the name; the attempt is recorded."""
    deployment = await api.create_deployment()
    events = await api.events(deployment)

    response = await api.post(
        f"/deployments/{deployment['id']}/{action}",
        {"actor": name, "note": "n"},
        headers=auth_header("ada"),
    )

    assert_problem(response, 403, "self_review")
    await check_recorded(api, deployment, events, "ada", "self_review", named=name)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
@pytest.mark.parametrize("name", ["quinn", "ada", "system"])
async def test_nobody_reviews_in_the_name_of_another(api: Api, action: Action, name: str) -> None:
    """Not even who may speak for others otherwise; the attempt is recorded as the caller's."""
    deployment = await api.create_deployment()
    events = await api.events(deployment)

    response = await api.post(
        f"/deployments/{deployment['id']}/{action}", {"actor": name, "note": "n"}
    )

    assert_problem(response, 403, "act_as_forbidden")
    await check_recorded(api, deployment, events, "owner", "act_as_forbidden", named=name)


async def test_a_requester_who_names_nobody_cannot_approve_either(api: Api) -> None:
    """Without an actor in the body, it is the caller who reviews."""
    deployment = await api.create_deployment(environment="staging")

    response = await api.post(
        f"/deployments/{deployment['id']}/approve", headers=auth_header("ada")
    )

    assert_problem(response, 403, "self_review")


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
async def test_who_is_in_no_group_of_the_stage_cannot_review(api: Api, action: Action) -> None:
    """The stage asks for qa; an outsider's attempt is recorded."""
    await api.create_user("rob", groups=("devops",))
    deployment = await api.create_deployment()
    events = await api.events(deployment)

    response = await api.perform(deployment, action, actor="rob")

    assert "group:qa" in assert_problem(response, 403, "not_eligible")["detail"]
    await check_recorded(api, deployment, events, "rob", "not_eligible")


@pytest.mark.parametrize("name", ["quinn", "QUINN"])
async def test_a_reviewer_counts_once(api: Api, name: str) -> None:
    """A second approval by the same person, in the next stage, is refused and recorded."""
    deployment = await api.create_deployment()
    approved = ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    events = await api.events(deployment)

    response = await api.post(
        f"/deployments/{deployment['id']}/approve", {"actor": name}, headers=auth_header("quinn")
    )

    assert_problem(response, 409, "already_reviewed")
    await check_recorded(api, approved, events, "quinn", "already_reviewed", named=name)


async def test_a_denied_review_leaves_nothing_but_its_record(api: Api) -> None:
    """One row more in the events, and none anywhere else, whatever key it came with."""
    deployment = await api.create_deployment()
    before = api.row_counts()

    await api.perform(deployment, Action.APPROVE, actor="ada", headers={"Idempotency-Key": "k"})

    after = api.row_counts()
    assert after["deployment_events"] == before["deployment_events"] + 1
    assert {name: after[name] for name in UNTOUCHED} == {name: before[name] for name in UNTOUCHED}


async def test_a_stage_that_there_is_not_is_refused(api: Api) -> None:
    """A reviewer who means another stage has not looked; nothing is approved."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/approve",
            {"stage": "security"},
            headers=auth_header("quinn"),
        )

    assert_problem(response, 422, "unknown_stage", "#/stage")


@pytest.mark.parametrize(("approvals", "stage"), [(0, "devops"), (1, "qa")])
async def test_a_stage_that_is_not_open_is_refused(api: Api, approvals: int, stage: str) -> None:
    """Stages are ordered: one not reached yet, or done already, takes no approval."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin")[:approvals]:
        await api.perform(deployment, Action.APPROVE, actor=actor)
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/approve", {"stage": stage}, headers=auth_header("eve")
        )

    assert_problem(response, 409, "stage_not_open")


async def test_the_stage_that_is_open_can_be_named(api: Api) -> None:
    """Who says which stage they mean gets that one."""
    deployment = await api.create_deployment()

    response = await api.post(
        f"/deployments/{deployment['id']}/approve", {"stage": "qa"}, headers=auth_header("quinn")
    )

    assert ok_json(response)["review"]["label"] == "approved_by_qa"
