"""Creating deployments over HTTP: required fields, the requester, and automatic starts."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action
from tests.support.http.api import (
    Api,
    assert_problem,
    auth_header,
    created_json,
    deployment_body,
    ok_json,
)
from tests.support.http.recorded_events import facts_of


@pytest.mark.parametrize(
    "field", ["service", "environment", "version", "work_references", "rollback_plan"]
)
async def test_deployment_without_a_required_field_is_refused(api: Api, field: str) -> None:
    """The error names the missing field."""
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
async def test_value_of_the_wrong_type_is_refused(
    api: Api, field: str, value: object, pointer: str
) -> None:
    """No value is converted to the expected type; the error points at the field."""
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: value}))

    assert_problem(response, 422, "invalid", pointer)


@pytest.mark.parametrize("field", ["id", "number", "status", "created_at", "approvals", "rsik"])
async def test_unknown_field_is_refused(api: Api, field: str) -> None:
    """Server-set fields are refused, and a misspelt field is not ignored."""
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
async def test_deployment_must_name_existing_things(
    api: Api, field: str, value: str, code: str
) -> None:
    """The service and the environment must exist, and the version must belong to the service."""
    await api.version("2.0.0", service="cart")
    with api.assert_nothing_stored():
        response = await api.post("/deployments", deployment_body(**{field: value}))

    assert_problem(response, 422, code, f"#/{field}")


@pytest.mark.parametrize("environment", ["production", "live"])
@pytest.mark.parametrize("risk", [{}, {"risk": None}])
async def test_production_requires_risk_notes(api: Api, environment: str, risk: Any) -> None:
    """A request without risk notes is refused in any environment of the production tier."""
    created_json(await api.post("/environments", {"name": "live", "tier": "production"}))
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments", deployment_body("risk", environment=environment) | risk
        )

    assert_problem(response, 422, "risk_required", "#/risk")


@pytest.mark.parametrize("environment", ["development", "test", "staging"])
async def test_other_tiers_need_no_risk_notes(api: Api, environment: str) -> None:
    """Risk notes are optional outside the production tier."""
    deployment = created_json(
        await api.post("/deployments", deployment_body("risk", environment=environment))
    )

    assert deployment["risk"] is None


@pytest.mark.parametrize("count", [0, 21])
async def test_too_few_or_too_many_work_references_are_refused(api: Api, count: int) -> None:
    """A deployment has one to twenty work references."""
    with api.assert_nothing_stored():
        response = await api.post(
            "/deployments", deployment_body(work_references=["SHOP-1"] * count)
        )

    assert_problem(response, 422, "invalid", "#/work_references")


@pytest.mark.parametrize("count", [1, 20])
async def test_work_references_keep_their_order(api: Api, count: int) -> None:
    """The references are stored as sent."""
    references = [f"SHOP-{index}" for index in range(count)]

    assert (await api.create_deployment(work_references=references))[
        "work_references"
    ] == references


async def assert_requester_refused(api: Api, *, caller: str, named: str) -> None:
    """Assert that the response is 403 and that only an event for the attempt is stored."""
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
async def test_naming_another_requester_requires_a_role(api: Api, requester: str) -> None:
    """Without the role act_as, users can only request deployments for themselves."""
    await api.create_user("rob", roles=tuple(role for role in Role if role is not Role.ACT_AS))

    await assert_requester_refused(api, caller="rob", named=requester)


@pytest.mark.parametrize("requester", ["system", "System", "\uff53ystem", "worker:one"])
async def test_reserved_name_cannot_be_a_requester(api: Api, requester: str) -> None:
    """Names reserved for Gatepost are refused in any spelling."""
    await assert_requester_refused(api, caller="owner", named=requester)


@pytest.mark.parametrize("requester", ["bo", "Bo", " bo ", "\uff42o"])
async def test_naming_oneself_is_not_acting_for_another(api: Api, requester: str) -> None:
    """Any spelling of the caller's own name is stored as the user's name."""
    deployment = await api.create_deployment(by="bo", requester=requester)

    assert (deployment["requester"], deployment["on_behalf_of"]) == ("bo", None)


@pytest.mark.parametrize("body", [deployment_body("requester"), deployment_body(requester=None)])
async def test_requester_defaults_to_the_caller(api: Api, body: Any) -> None:
    """A deployment without a requester is the caller's own."""
    deployment = created_json(await api.post("/deployments", body, headers=auth_header("bo")))

    assert deployment["requester"] == "bo"


async def test_created_deployment_is_returned(api: Api) -> None:
    """The response has a Location and an ETag, and the deployment gets the next number."""
    first, second = [
        await api.post("/deployments", deployment_body(notes="Late.")) for _ in range(2)
    ]

    deployment = created_json(first)
    reread = await api.client.get(first.headers["Location"])
    assert ok_json(reread) == deployment
    assert reread.headers["ETag"] == first.headers["ETag"] == '"1"'
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


async def test_creation_appends_one_event(api: Api) -> None:
    """A deployment that waits for reviewers has exactly one event, with the whole request."""
    deployment = await api.create_deployment(notes="Late.")

    (event,) = await api.events(deployment)
    assert (event["kind"], event["actor"], event["note"]) == ("requested", "ada", "Late.")
    assert (event["from_status"], event["to_status"]) == (None, "pending_approval")
    assert deployment_body().items() <= event["data"].items()


async def test_deployment_without_stages_is_approved_at_once(api: Api) -> None:
    """The system approves the deployment. This second event contains the policy version."""
    response = await api.post(
        "/deployments", deployment_body(environment="development"), headers=auth_header("ada")
    )

    deployment = created_json(response)
    requested, approved = await api.events(deployment)
    assert response.headers["ETag"] == '"2"'
    assert deployment["status"] == "approved"
    assert deployment["approved_at"] == deployment["created_at"]
    assert deployment["reviewed_by"] is None
    assert deployment["review"]["label"] == "approved_by_policy"
    assert (requested["kind"], requested["actor"]) == ("requested", "ada")
    assert (approved["kind"], approved["actor"]) == ("approved", "system")
    assert facts_of(approved) == {"policy_version": 1}


async def test_worker_run_deployment_is_queued_at_once(api: Api) -> None:
    """The test environment needs no review, so an automatic start queues the deployment."""
    deployment = await api.create_deployment(environment="test")

    kinds = [(event["kind"], event["actor"]) for event in await api.events(deployment)]
    assert kinds == [("requested", "ada"), ("approved", "system"), ("queued", "system")]
    assert deployment["status"] == "queued"
    assert deployment["execution"] == {"state": "QUEUED", "attempt": 0, "worker": None}
    assert deployment["build_id"] is not None


async def test_request_can_disable_the_automatic_start(api: Api) -> None:
    """With `start` set to false, the deployment waits although its policy starts automatically."""
    assert (await api.create_deployment(environment="test", start=False))["status"] == "approved"


async def test_request_can_ask_for_an_automatic_start(api: Api) -> None:
    """With `start`, the system starts the deployment after the last approval."""
    deployment = await api.create_deployment(environment="staging", start=True)
    ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))

    kinds = [(event["kind"], event["actor"]) for event in await api.events(deployment)]
    assert kinds == [("requested", "ada"), ("approved", "quinn"), ("started", "system")]


async def test_automatic_start_waits_for_a_busy_lane(api: Api) -> None:
    """While the lane is busy, the deployment stays approved and has no start event."""
    first, second = [
        await api.create_deployment(environment="development", start=True) for _ in range(2)
    ]

    assert (first["status"], second["status"]) == ("started", "approved")
    assert [event["kind"] for event in await api.events(second)] == ["requested", "approved"]
