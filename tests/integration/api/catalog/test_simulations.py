"""Proposed policies are tried on the history of an environment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json

pytestmark = pytest.mark.every_database

PATH: Final = "/environments/production/policy/simulate"
NOTHING: Final = {"considered": 0, "passed": 0, "held": 0, "refused": 0, "by_gate": []}


async def record(api: Api, environment: str, *, minutes: int, service: str = "shop") -> str:
    """Record version 1.0.0 so many minutes before noon, and return its number."""
    body = {
        "service": service,
        "environment": environment,
        "version": "1.0.0",
        "deployed_at": (NOON - timedelta(minutes=minutes)).isoformat(),
    }
    return str(created_json(await api.post("/deployments/record", body))["number"])


async def simulate(api: Api, policy: Json, **body: Any) -> Json:
    return dict(ok_json(await api.post(PATH, {"policy": policy, **body})))


async def test_a_simulation_names_what_would_have_been_held_and_stores_nothing(api: Api) -> None:
    """Records are judged by the promotion, but not by their approvals."""
    await record(api, "staging", minutes=90)
    await record(api, "production", minutes=30)
    cart = await record(api, "production", minutes=20, service="cart")
    policy = {"requires": ["staging"], "approval_stages": [{"name": "qa", "rules": [{}]}]}

    with api.assert_nothing_stored():
        simulation = await simulate(api, policy)

    assert simulation == {
        "considered": 2,
        "passed": 1,
        "held": 1,
        "refused": 0,
        "by_gate": [{"kind": "promotion", "count": 1, "numbers": [cart]}],
    }
    assert (await simulate(api, {"requires": ["staging"], "soak_s": 3600}))["held"] == 1
    assert (await simulate(api, {"requires": ["staging"], "soak_s": 3601}))["held"] == 2


async def test_approvals_that_were_given_are_judged(api: Api) -> None:
    """Quinn and devin, who are in both groups, satisfy three stages only without distinctness."""
    number = (await api.deployment(Status.SUCCEEDED))["number"]
    await api.deployment(Status.PENDING_APPROVAL)
    stages = [
        {"name": name, "rules": [{"group": group}]}
        for name, group in (("qa", "qa"), ("devops", "devops"), ("more", "qa"))
    ]
    until = (NOON + timedelta(minutes=1)).isoformat()

    two = await simulate(api, {"approval_stages": stages[:2]}, until=until)
    three = await simulate(api, {"approval_stages": stages}, until=until)
    shared = {"approval_stages": stages, "distinct_reviewers": False}

    assert two == {**NOTHING, "considered": 1, "passed": 1}
    assert three["by_gate"] == [{"kind": "approval", "count": 1, "numbers": [number]}]
    assert (await simulate(api, shared, until=until))["passed"] == 1


async def test_the_period_is_the_last_90_days_unless_given(api: Api) -> None:
    """The end is exclusive, as in the history of the environment."""
    await record(api, "production", minutes=91 * 24 * 60)
    assert await simulate(api, {}) == NOTHING

    at = (NOON - timedelta(days=91)).isoformat()

    assert (await simulate(api, {}, since=at))["considered"] == 1
    assert await simulate(api, {}, until=at) == NOTHING
    response = await api.post(PATH, {"policy": {}, "since": NOON.isoformat(), "until": at})
    assert_problem(response, 422, "since_after_until", "#/since")


@pytest.mark.parametrize(
    ("policy", "code", "pointer"),
    [
        ({"lane": "jump"}, "invalid", "#/policy/lane"),
        (
            {"approval_stages": [{"name": "a", "rules": [{"group": "nobody"}]}]},
            "impossible_rule",
            "#/policy/approval_stages/0/rules/0",
        ),
        ({"requires": ["nowhere"]}, "unknown_environment", "#/policy/requires/0"),
        ({"soak_s": 60}, "soaks_nowhere", "#/policy/requires"),
    ],
)
async def test_a_policy_that_would_be_refused_is_refused(
    api: Api, policy: Json, code: str, pointer: str
) -> None:
    """With the same errors as saving it, below the field `policy`."""
    assert_problem(await api.post(PATH, {"policy": policy}), 422, code, pointer)


async def test_everybody_who_may_read_the_policy_may_simulate_another(api: Api) -> None:
    """A viewer changes nothing by it; an unknown environment is not found."""
    await api.create_user("vera", roles=(Role.VIEWER,))

    response = await api.post(PATH, {"policy": {}}, headers=auth_header("vera"))

    assert ok_json(response) == NOTHING

    response = await api.post("/environments/nowhere/policy/simulate", {"policy": {}})
    assert_problem(response, 404, "unknown_environment")


async def test_a_history_that_is_too_long_is_refused(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cure is a shorter period."""
    await record(api, "production", minutes=2)
    await record(api, "production", minutes=1)
    monkeypatch.setattr("gatepost_persistence.reads.simulation.MAX_DEPLOYMENTS", 1)

    response = await api.post(PATH, {"policy": {}})

    assert_problem(response, 422, "too_many_deployments", "#/since")
