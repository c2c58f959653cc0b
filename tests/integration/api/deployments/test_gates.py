"""Gates over HTTP: why a deployment waits, and which actions the caller may take."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.gates.evaluation import OVERRIDABLE
from gatepost_domain.status_transitions import HUMAN_ACTIONS, Action, Status
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


async def get_gates(api: Api, deployment: Json, caller: str = "owner") -> Json:
    path = f"/deployments/{deployment['number']}/gates"
    return ok_json(await api.get(path, headers=auth_header(caller)))


def gate_states(gates: Json) -> dict[str, tuple[str, str]]:
    """Return the state and the code of each gate."""
    return {gate["kind"]: (gate["state"], gate["code"]) for gate in gates["gates"]}


ALL_OPEN = {
    "approval": ("open", "approved"),
    "promotion": ("open", "promoted"),
    "soak": ("open", "no_soak"),
    "freeze": ("open", "not_frozen"),
    "lane": ("open", "lane_free"),
    "order": ("open", "in_order"),
    "after_review": ("open", "nothing_owed"),
}


async def test_pending_deployment_waits_for_its_reviewers(api: Api) -> None:
    """The approval gate says what is missing, who can approve, and since when it waits."""
    gates = await get_gates(api, await api.create_deployment())

    assert gate_states(gates) == ALL_OPEN | {"approval": ("waiting", "approval_missing")}
    assert gates["can_start"] is False
    assert gates["gates"][0]["who_can_act"] == [
        f"user:{name}" for name in ("bo", "devin", "eve", "olga", "owner", "quinn")
    ]
    assert gates["gates"][0]["since"] == "2026-11-21T12:00:00Z"
    assert "ada, who requested the deployment, cannot approve it" in gates["gates"][0]["message"]


async def test_approval_gate_names_the_open_stage(api: Api) -> None:
    """After qa has approved, the gate waits for devops."""
    deployment = await api.create_deployment()
    await api.perform(deployment, Action.APPROVE, actor="quinn")

    gates = await get_gates(api, deployment)
    assert gates["gates"][0]["who_can_act"] == [
        f"user:{name}" for name in ("bo", "devin", "eve", "olga", "owner")
    ]
    assert "quinn has already approved." in gates["gates"][0]["message"]


async def test_approved_deployment_can_start(api: Api) -> None:
    """Every gate is open, and the approval gate names the reviewer."""
    gates = await get_gates(api, await api.deployment(Status.APPROVED))

    assert gate_states(gates) == ALL_OPEN
    assert gates["can_start"] is True
    assert "devin" in gates["gates"][0]["message"]


async def test_deployment_waits_for_the_one_in_progress(api: Api) -> None:
    """The lane gate names the deployment in progress and when it started."""
    started = await api.deployment(Status.STARTED)
    gates = await get_gates(api, await api.deployment(Status.APPROVED))

    assert gate_states(gates) == ALL_OPEN | {"lane": ("waiting", "lane_busy")}
    assert gates["can_start"] is False
    assert started["number"] in gates["gates"][4]["message"]
    assert gates["gates"][4]["since"] == started["started_at"]


async def test_outdated_deployment_cannot_start(api: Api) -> None:
    """The order gate is closed and names the newer deployment."""
    old = await api.deployment(Status.APPROVED)
    newer = await api.deployment(Status.SUCCEEDED)
    gates = await get_gates(api, old)

    assert gate_states(gates) == ALL_OPEN | {"order": ("closed", "outdated")}
    assert gates["can_start"] is False
    assert newer["number"] in gates["gates"][5]["message"]
    assert gates["gates"][5]["who_can_act"] == ["requester", "emergency"]


async def test_rejected_deployment_shows_who_rejected_it(api: Api) -> None:
    """Only the approval gate is shown, and it is closed."""
    gates = await get_gates(api, await api.deployment(Status.REJECTED))

    assert gate_states(gates) == {"approval": ("closed", "rejected")}
    assert "quinn" in gates["gates"][0]["message"]


async def test_queued_deployment_shows_its_gates(api: Api) -> None:
    """Open gates mean that the next worker to claim a task can get the deployment."""
    gates = await get_gates(api, await api.deployment(Status.QUEUED))

    assert gate_states(gates) == ALL_OPEN
    assert gates["can_start"] is True


@pytest.mark.parametrize(
    "status",
    [Status.STARTED, Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.ROLLED_BACK],
)
async def test_deployment_that_waits_no_more_has_no_gates(api: Api, status: Status) -> None:
    """The list of gates is empty for a deployment that has started or ended."""
    gates = await get_gates(api, await api.deployment(status))

    assert (gates["gates"], gates["can_start"]) == ([], False)


async def assert_offers_match_outcomes(api: Api, create_deployment: Any, caller: str) -> None:
    """Try each action on a separate deployment, and compare the outcome with the listed action."""
    outcomes, offers = {}, {}
    for index, action in enumerate(HUMAN_ACTIONS):
        name = f"lane-{index}"
        created_json(await api.post("/services", service_body(name)))
        await api.version("1.0.0", service=name)
        deployment = await create_deployment(name)
        gates = await get_gates(api, deployment, caller)
        offers[action] = next(offer for offer in gates["actions"] if offer["action"] == action)
        closed = (gate["kind"] for gate in gates["gates"] if gate["state"] in {"waiting", "closed"})
        gate = next((kind for kind in closed if kind in OVERRIDABLE), "promotion")
        response = await api.post(
            f"/deployments/{deployment['number']}/{action_path_segment(action)}",
            action_body(action, gate=gate),
            headers=auth_header(caller),
        )
        outcomes[action] = (
            response.status_code == 200,
            None if response.status_code == 200 else response.json()["detail"],
        )

    assert outcomes == {
        action: (offer["allowed"], offer["reason"]) for action, offer in offers.items()
    }


def service_body(name: str) -> Json:
    return {"name": name, "team": "t", "repo_url": f"https://git.example/{name}"}


@pytest.mark.parametrize("caller", ["owner", "ada", "bo"])
@pytest.mark.parametrize("status", Status)
async def test_offered_actions_succeed_and_others_are_refused(
    api: Api, status: Status, caller: str
) -> None:
    """For each caller and status, the list of actions matches the outcomes and the refusals."""

    async def create_deployment(service: str) -> Json:
        return await api.deployment(status, service=service)

    await assert_offers_match_outcomes(api, create_deployment, caller)


@pytest.mark.parametrize("later", [Status.STARTED, Status.SUCCEEDED])
async def test_offers_match_outcomes_while_a_gate_is_closed(api: Api, later: Status) -> None:
    """The list of actions matches the outcomes in a busy lane and after a newer deployment."""

    async def create_deployment(service: str) -> Json:
        waiting = await api.deployment(Status.APPROVED, service=service)
        await api.deployment(later, service=service)
        return waiting

    await assert_offers_match_outcomes(api, create_deployment, "owner")


@pytest.mark.parametrize("caller", ["owner", "ada", "bo"])
async def test_offers_match_outcomes_for_reviewers(api: Api, caller: str) -> None:
    """The list also matches if anyone may review and the policy forbids reviewers to start."""
    policy = {"approval_stages": [{"name": "any", "rules": [{}]}], "reviewer_may_start": False}
    ok_json(await api.put("/environments/staging/policy", policy))

    async def create_deployment(service: str) -> Json:
        body = deployment_body(service=service, environment="staging", requester="eve")
        deployment = created_json(await api.post("/deployments", body))
        if service != "lane-0":
            await api.perform(deployment, Action.APPROVE, actor="bo")
        return deployment

    await assert_offers_match_outcomes(api, create_deployment, caller)
