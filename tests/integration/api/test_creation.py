"""Asking for a deployment over HTTP: what it takes, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action
from tests.support.http.api import (
    Api,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)


@pytest.mark.parametrize(
    "field", ["service", "environment", "version", "work_references", "rollback_plan"]
)
async def test_a_request_without_what_reviewers_need_is_refused(api: Api, field: str) -> None:
    """Nothing can be asked for without any of these, and the answer names the one missing."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(field))

    assert_problem(response, 422, "invalid", f"#/{field}")


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("service", 1, "#/service"),
        ("service", "Shop", "#/service"),
        ("environment", ["production"], "#/environment"),
        ("version", None, "#/version"),
        ("version", "1.0 .0", "#/version"),
        ("version", "v" * 201, "#/version"),
        ("requester", {}, "#/requester"),
        ("requester", " ", "#/requester"),
        ("work_references", "SHOP-1", "#/work_references"),
        ("work_references", ["SHOP-1", 2], "#/work_references/1"),
        ("work_references", [" "], "#/work_references/0"),
        ("rollback_plan", True, "#/rollback_plan"),
        ("rollback_plan", "\t\n", "#/rollback_plan"),
        ("risk", 0.5, "#/risk"),
        ("risk", "r" * 10_001, "#/risk"),
        ("notes", ["n"], "#/notes"),
        ("start", "yes", "#/start"),
        ("start", 1, "#/start"),
    ],
)
async def test_a_value_of_the_wrong_shape_is_refused_where_it_stands(
    api: Api, field: str, value: object, pointer: str
) -> None:
    """No value is bent into the shape that is wanted; the answer points at it."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: value}))

    assert_problem(response, 422, "invalid", pointer)


@pytest.mark.parametrize("field", ["id", "number", "status", "created_at", "approvals", "rsik"])
async def test_a_field_that_is_not_the_clients_to_give_is_refused(api: Api, field: str) -> None:
    """The server's fields cannot be set, and a misspelt one is not silently dropped."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: "approved"}))

    assert_problem(response, 422, "invalid", f"#/{field}")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("service", "nowhere", "unknown_service"),
        ("environment", "nowhere", "unknown_environment"),
        ("version", "9.9.9", "version_not_of_service"),
        ("version", "2.0.0", "version_not_of_service"),
    ],
)
async def test_what_a_request_names_must_be_known(
    api: Api, field: str, value: str, code: str
) -> None:
    """Service, environment and version exist before they are asked for; 2.0.0 is cart's alone."""
    await api.version("2.0.0", service="cart")
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: value}))

    assert_problem(response, 422, code, f"#/{field}")


@pytest.mark.parametrize("environment", ["production", "live"])
@pytest.mark.parametrize("risk", [{}, {"risk": None}])
async def test_production_needs_a_risk_note(api: Api, environment: str, risk: Any) -> None:
    """Whatever an environment is called: where its tier is production, the risk must be said."""
    created_json(await api.post("/environments", {"name": "live", "tier": "production"}))
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments", deployment_body("risk", environment=environment) | risk
        )

    assert_problem(response, 422, "risk_required", "#/risk")


@pytest.mark.parametrize("environment", ["development", "test", "staging"])
async def test_no_other_tier_needs_a_risk_note(api: Api, environment: str) -> None:
    """Where it matters less, risk notes may be left out."""
    deployment = created_json(
        await api.post("/deployments", deployment_body("risk", environment=environment))
    )

    assert deployment["risk"] is None


@pytest.mark.parametrize("count", [0, 21])
async def test_too_few_or_too_many_work_references_are_refused(api: Api, count: int) -> None:
    """A request belongs to some planned work, and not to everything."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments", deployment_body(work_references=["SHOP-1"] * count)
        )

    assert_problem(response, 422, "invalid", "#/work_references")


@pytest.mark.parametrize("count", [1, 20])
async def test_one_to_twenty_work_references_are_kept_in_order(api: Api, count: int) -> None:
    """What was planned stays with the deployment as it was given."""
    references = [f"SHOP-{index}" for index in range(count)]

    assert (await api.create_deployment(work_references=references))[
        "work_references"
    ] == references


async def check_may_not_ask_as(api: Api, *, caller: str, named: str) -> None:
    """The answer is 403; there is no deployment, and one event tells of the attempt."""
    before = api.row_counts()

    body = deployment_body(requester=named)
    response = await api.post("/deployments", body, headers=auth_header(caller))

    assert_problem(response, 403, "act_as_forbidden")
    (denied,) = await api.list_all("/events", after=before["last seq"])
    assert api.row_counts()["deployments"] == before["deployments"]
    assert (denied["kind"], denied["actor"]) == ("access_denied", caller)
    assert denied["deployment_id"] is None
    assert denied["data"] == {"code": "act_as_forbidden", "named": named}


@pytest.mark.parametrize("requester", ["ada", "rob.", "system", "worker:one"])
async def test_nobody_asks_in_the_name_of_another(api: Api, requester: str) -> None:
    """Who holds an own token, and not the role to speak for others, names nobody else."""
    await api.create_user("rob", roles=tuple(role for role in Role if role is not Role.ACT_AS))

    await check_may_not_ask_as(api, caller="rob", named=requester)


@pytest.mark.parametrize("requester", ["system", "System", "\uff53ystem", "worker:one"])
async def test_the_owner_does_not_ask_in_gateposts_own_name(api: Api, requester: str) -> None:
    """Names of Gatepost's own are never a person's, however they are spelt."""
    await check_may_not_ask_as(api, caller="owner", named=requester)


@pytest.mark.parametrize("requester", ["bo", "Bo", " bo ", "\uff42o"])
async def test_whoever_names_themselves_asks_for_themselves(api: Api, requester: str) -> None:
    """However the own name is spelt, it stands as it is known, and nobody is spoken for."""
    deployment = await api.create_deployment(by="bo", requester=requester)

    assert (deployment["requester"], deployment["on_behalf_of"]) == ("bo", None)


@pytest.mark.parametrize("body", [deployment_body("requester"), deployment_body(requester=None)])
async def test_the_requester_is_the_caller_unless_named(api: Api, body: Any) -> None:
    """Who signs in and says nothing else asks for themselves."""
    deployment = created_json(await api.post("/deployments", body, headers=auth_header("bo")))

    assert deployment["requester"] == "bo"


async def test_a_new_deployment_is_answered_whole(api: Api) -> None:
    """The answer is the deployment, with its address, its ETag and the next number."""
    first, second = [
        await api.post("/deployments", deployment_body(notes="Late.")) for _ in range(2)
    ]

    deployment = created_json(first)
    read = await api.client.get(first.headers["Location"])
    assert ok_json(read) == deployment
    assert read.headers["ETag"] == first.headers["ETag"] == '"1"'
    assert first.headers["Location"] == f"/api/v1/deployments/{deployment['id']}"
    assert (deployment["number"], created_json(second)["number"]) == ("DEP-1", "DEP-2")
    assert deployment_body(notes="Late.").items() <= deployment.items()
    assert deployment["kind"] == "request"
    assert deployment["tier"] == "production"
    assert deployment["status"] == "pending_approval"
    assert deployment["created_at"] == "2026-11-21T12:00:00Z"
    assert deployment["review"]["label"] == "requested"
    assert deployment["review"]["policy_version"] == 1
    assert [stage["name"] for stage in deployment["review"]["stages"]] == ["qa", "devops"]


async def test_asking_is_one_event_of_the_requesters(api: Api) -> None:
    """A request that waits for reviewers has left exactly one event, with all it said."""
    deployment = await api.create_deployment(notes="Late.")

    (event,) = await api.events(deployment)
    assert (event["kind"], event["actor"], event["note"]) == ("requested", "ada", "Late.")
    assert (event["from_status"], event["to_status"]) == (None, "pending_approval")
    assert deployment_body().items() <= event["data"].items()


async def test_where_no_review_is_asked_for_the_policy_approves_at_once(api: Api) -> None:
    """The approval is a second event, by the system, naming the policy."""
    response = await api.post(
        "/deployments", deployment_body(environment="development"), headers=auth_header("ada")
    )

    deployment = created_json(response)
    asked, approved = await api.events(deployment)
    assert response.headers["ETag"] == '"2"'
    assert deployment["status"] == "approved"
    assert deployment["approved_at"] == deployment["created_at"]
    assert deployment["reviewed_by"] is None
    assert deployment["review"]["label"] == "approved_by_policy"
    assert (asked["kind"], asked["actor"]) == ("requested", "ada")
    assert (approved["kind"], approved["actor"]) == ("approved", "system")
    assert approved["data"] == {"policy_version": 1}


async def test_in_the_first_test_environment_a_request_queues_for_a_worker(api: Api) -> None:
    """It asks nobody and starts by itself, which for workers means to wait in the queue."""
    deployment = await api.create_deployment(environment="test")

    kinds = [(event["kind"], event["actor"]) for event in await api.events(deployment)]
    assert kinds == [("requested", "ada"), ("approved", "system"), ("queued", "system")]
    assert deployment["status"] == "queued"
    assert deployment["execution"] == {"state": "QUEUED", "attempt": 0, "worker": None}
    assert deployment["build_id"] is not None


async def test_a_request_may_decline_to_start_by_itself(api: Api) -> None:
    """What a request says about its start goes before the policy."""
    assert (await api.create_deployment(environment="test", start=False))["status"] == "approved"


async def test_a_request_may_start_by_itself_once_approved(api: Api) -> None:
    """With `start`, the last approval is followed by a start of the system's."""
    deployment = await api.create_deployment(environment="staging", start=True)
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))

    kinds = [(event["kind"], event["actor"]) for event in await api.events(deployment)]
    assert kinds == [("requested", "ada"), ("approved", "quinn"), ("started", "system")]


async def test_a_request_that_would_start_by_itself_waits_while_the_lane_is_busy(api: Api) -> None:
    """It stays approved, without an event of a start that did not happen."""
    first, second = [
        await api.create_deployment(environment="development", start=True) for _ in range(2)
    ]

    assert (first["status"], second["status"]) == ("started", "approved")
    assert [event["kind"] for event in await api.events(second)] == ["requested", "approved"]
