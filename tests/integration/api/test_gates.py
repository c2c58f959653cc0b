"""Why a deployment waits, over HTTP, and what the caller can do: just what then happens."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.gates.evaluation import OVERRIDABLE
from gatepost_domain.status import HUMAN_ACTIONS, Action, Status
from tests.support.http.api import (
    Api,
    Json,
    action_body,
    action_path_segment,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)


async def gates_of(api: Api, deployment: Json, who: str = "owner") -> Json:
    path = f"/deployments/{deployment['number']}/gates"
    return ok_json(await api.get(path, headers=auth_header(who)))


def told(gates: Json) -> dict[str, tuple[str, str]]:
    """The state and the code of each gate."""
    return {gate["kind"]: (gate["state"], gate["code"]) for gate in gates["gates"]}


OPEN = {
    "approval": ("open", "approved"),
    "promotion": ("open", "promoted"),
    "soak": ("open", "no_soak"),
    "freeze": ("open", "not_frozen"),
    "lane": ("open", "lane_free"),
    "order": ("open", "in_order"),
    "after_review": ("open", "nothing_owed"),
}


async def test_a_pending_deployment_waits_for_its_reviewers(api: Api) -> None:
    """The gate says what is missing, whom it takes, and since when it waits."""
    gates = await gates_of(api, await api.create_deployment())

    assert told(gates) == OPEN | {"approval": ("waiting", "approval_missing")}
    assert gates["can_start"] is False
    assert gates["gates"][0]["who_can_act"] == ["group:qa"]
    assert gates["gates"][0]["since"] == "2026-11-21T12:00:00Z"
    assert "not from ada" in gates["gates"][0]["message"]


async def test_a_gate_tells_which_stage_is_open(api: Api) -> None:
    """Once qa has consented, devops is what it waits for."""
    deployment = await api.create_deployment()
    await api.perform(deployment, Action.APPROVE, actor="quinn")

    gates = await gates_of(api, deployment)
    assert gates["gates"][0]["who_can_act"] == ["group:devops"]


async def test_an_approved_deployment_can_start(api: Api) -> None:
    """All gates are open, and the approval says by whom."""
    gates = await gates_of(api, await api.deployment(Status.APPROVED))

    assert told(gates) == OPEN
    assert gates["can_start"] is True
    assert "devin" in gates["gates"][0]["message"]


async def test_a_deployment_in_a_busy_lane_waits_for_the_one_under_way(api: Api) -> None:
    """The gate names it, and since when it has been under way."""
    started = await api.deployment(Status.STARTED)
    gates = await gates_of(api, await api.deployment(Status.APPROVED))

    assert told(gates) == OPEN | {"lane": ("waiting", "lane_busy")}
    assert gates["can_start"] is False
    assert started["number"] in gates["gates"][4]["message"]
    assert gates["gates"][4]["since"] == started["started_at"]


async def test_an_outdated_deployment_starts_no_more(api: Api) -> None:
    """The gate is closed: the newer one is named, and its version is asked for anew."""
    old = await api.deployment(Status.APPROVED)
    newer = await api.deployment(Status.SUCCEEDED)
    gates = await gates_of(api, old)

    assert told(gates) == OPEN | {"order": ("closed", "outdated")}
    assert gates["can_start"] is False
    assert newer["number"] in gates["gates"][5]["message"]
    assert gates["gates"][5]["who_can_act"] == ["requester", "emergency"]


async def test_a_rejected_deployment_shows_who_rejected_it(api: Api) -> None:
    """Its review is closed, and no other gate matters."""
    gates = await gates_of(api, await api.deployment(Status.REJECTED))

    assert told(gates) == {"approval": ("closed", "rejected")}
    assert "quinn" in gates["gates"][0]["message"]


async def test_a_queued_deployment_waits_for_its_lane(api: Api) -> None:
    """A worker that looks for work would take it as soon as its gates are open."""
    gates = await gates_of(api, await api.deployment(Status.QUEUED))

    assert told(gates) == OPEN
    assert gates["can_start"] is True


@pytest.mark.parametrize(
    "status",
    [Status.STARTED, Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.ROLLED_BACK],
)
async def test_what_waits_no_more_has_no_gates(api: Api, status: Status) -> None:
    """Once it has started or ended there is nothing to wait for."""
    gates = await gates_of(api, await api.deployment(status))

    assert (gates["gates"], gates["can_start"]) == ([], False)


async def check_offers(api: Api, kept_waiting: Any, who: str) -> None:
    """Try every action on a deployment of its own, and compare with what was offered."""
    outcomes, offers = {}, {}
    for index, action in enumerate(HUMAN_ACTIONS):
        name = f"lane-{index}"
        created_json(await api.post("/services", a_service(name)))
        await api.version("1.0.0", service=name)
        deployment = await kept_waiting(name)
        gates = await gates_of(api, deployment, who)
        offers[action] = next(each for each in gates["actions"] if each["action"] == action)
        shut = (each["kind"] for each in gates["gates"] if each["state"] in {"waiting", "closed"})
        gate = next((kind for kind in shut if kind in OVERRIDABLE), "promotion")
        response = await api.post(
            f"/deployments/{deployment['number']}/{action_path_segment(action)}",
            action_body(action, gate=gate),
            headers=auth_header(who),
        )
        outcomes[action] = (
            response.status_code == 200,
            None if response.status_code == 200 else response.json()["detail"],
        )

    assert outcomes == {
        action: (offer["allowed"], offer["reason"]) for action, offer in offers.items()
    }


def a_service(name: str) -> Json:
    return {"name": name, "team": "t", "repo_url": f"https://git.example/{name}"}


@pytest.mark.parametrize("who", ["owner", "ada", "bo"])
@pytest.mark.parametrize("status", Status)
async def test_what_is_offered_succeeds_and_all_else_is_refused(
    api: Api, status: Status, who: str
) -> None:
    """For each caller, in each status: the offer is what happens, with the reason given before."""

    async def kept(service: str) -> Json:
        return await api.deployment(status, service=service)

    await check_offers(api, kept, who)


@pytest.mark.parametrize("later", [Status.STARTED, Status.SUCCEEDED])
async def test_what_is_offered_while_a_gate_is_not_open_is_what_happens(
    api: Api, later: Status
) -> None:
    """Behind a busy lane, and behind a newer release, as well."""

    async def kept(service: str) -> Json:
        waiting = await api.deployment(Status.APPROVED, service=service)
        await api.deployment(later, service=service)
        return waiting

    await check_offers(api, kept, "owner")


@pytest.mark.parametrize("who", ["owner", "ada", "bo"])
async def test_what_is_offered_to_a_reviewer_is_what_happens(api: Api, who: str) -> None:
    """Where one review by anybody is asked for, and where a reviewer may not start."""
    policy = {"approval_stages": [{"name": "any", "rules": [{}]}], "reviewer_may_start": False}
    ok_json(await api.put("/environments/staging/policy", policy))

    async def kept(service: str) -> Json:
        body = deployment_body(service=service, environment="staging", requester="eve")
        deployment = created_json(await api.post("/deployments", body))
        if service != "lane-0":
            await api.perform(deployment, Action.APPROVE, actor="bo")
        return deployment

    await check_offers(api, kept, who)
