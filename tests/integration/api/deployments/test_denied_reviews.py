"""Denied reviews over HTTP: each attempt is refused and recorded."""

from __future__ import annotations

import pytest

from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json

UNCHANGED_TABLES = ("deployments", "receipts", "services", "versions", "environments", "policies")


async def assert_denial_recorded(
    api: Api, before: Json, events: list[Json], actor: str, code: str, named: str | None = None
) -> None:
    """Assert that the deployment is unchanged and that one more event records the attempt."""
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
    """The attempt is refused and recorded with any spelling of the requester's name."""
    deployment = await api.create_deployment()
    events = await api.events(deployment)

    response = await api.post(
        f"/deployments/{deployment['id']}/{action}",
        {"actor": name, "note": "n"},
        headers=auth_header("ada"),
    )

    assert_problem(response, 403, "self_review")
    await assert_denial_recorded(api, deployment, events, "ada", "self_review", named=name)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
@pytest.mark.parametrize("name", ["quinn", "ada", "system"])
async def test_review_for_another_person_is_refused(api: Api, action: Action, name: str) -> None:
    """Users with the role act_as are refused too. The caller is recorded as the actor."""
    deployment = await api.create_deployment()
    events = await api.events(deployment)

    response = await api.post(
        f"/deployments/{deployment['id']}/{action}", {"actor": name, "note": "n"}
    )

    assert_problem(response, 403, "act_as_forbidden")
    await assert_denial_recorded(api, deployment, events, "owner", "act_as_forbidden", named=name)


async def test_requester_without_an_actor_cannot_approve(api: Api) -> None:
    """If the body names no actor, the caller is the reviewer, so the requester is refused."""
    deployment = await api.create_deployment(environment="staging")

    response = await api.post(
        f"/deployments/{deployment['id']}/approve", headers=auth_header("ada")
    )

    assert_problem(response, 403, "self_review")


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
async def test_reviewer_outside_the_stages_groups_is_refused(api: Api, action: Action) -> None:
    """The stage requires qa. An attempt by somebody outside that group is recorded."""
    await api.create_user("rob", groups=("devops",))
    deployment = await api.create_deployment()
    events = await api.events(deployment)

    response = await api.perform(deployment, action, actor="rob")

    assert "group qa" in assert_problem(response, 403, "not_eligible")["detail"]
    await assert_denial_recorded(api, deployment, events, "rob", "not_eligible")


@pytest.mark.parametrize("name", ["quinn", "QUINN"])
async def test_reviewer_counts_once(api: Api, name: str) -> None:
    """A second approval by the same person, in the next stage, is refused and recorded."""
    deployment = await api.create_deployment()
    approved = ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    events = await api.events(deployment)

    response = await api.post(
        f"/deployments/{deployment['id']}/approve", {"actor": name}, headers=auth_header("quinn")
    )

    assert_problem(response, 409, "already_reviewed")
    await assert_denial_recorded(api, approved, events, "quinn", "already_reviewed", named=name)


async def test_denied_review_stores_only_its_event(api: Api) -> None:
    """Only one event is stored, even with an idempotency key."""
    deployment = await api.create_deployment()
    before = api.row_counts()

    await api.perform(deployment, Action.APPROVE, actor="ada", headers={"Idempotency-Key": "k"})

    after = api.row_counts()
    assert after["deployment_events"] == before["deployment_events"] + 1
    assert {name: after[name] for name in UNCHANGED_TABLES} == {
        name: before[name] for name in UNCHANGED_TABLES
    }


async def test_unknown_stage_is_refused(api: Api) -> None:
    """An approval for a stage that is not in the policy has no effect."""
    deployment = await api.create_deployment()
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/approve",
            {"stage": "security"},
            headers=auth_header("quinn"),
        )

    assert_problem(response, 422, "unknown_stage", "#/stage")


@pytest.mark.parametrize(("approvals", "stage"), [(0, "devops"), (1, "qa")])
async def test_stage_out_of_order_is_refused(api: Api, approvals: int, stage: str) -> None:
    """A later stage and an already satisfied stage accept no approval."""
    deployment = await api.create_deployment()
    for actor in ("quinn", "devin")[:approvals]:
        await api.perform(deployment, Action.APPROVE, actor=actor)
    with api.assert_nothing_stored():
        response = await api.post(
            f"/deployments/{deployment['id']}/approve", {"stage": stage}, headers=auth_header("eve")
        )

    assert_problem(response, 409, "stage_not_open")


async def test_open_stage_can_be_named(api: Api) -> None:
    """An approval that names the open stage counts toward that stage."""
    deployment = await api.create_deployment()

    response = await api.post(
        f"/deployments/{deployment['id']}/approve", {"stage": "qa"}, headers=auth_header("quinn")
    )

    assert ok_json(response)["review"]["label"] == "approved_by_qa"
