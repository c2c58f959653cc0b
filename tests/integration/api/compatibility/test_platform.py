"""The platform document's interface: `/platform/services` and `/platform/deployments`."""

from __future__ import annotations

from typing import Any, Final

import httpx2
import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import (
    POLICIES,
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    ok_json,
)

PAYMENTS: Final = {
    "service_name": "payments",
    "team_name": "core-platform",
    "repo_url": "https://github.com/org/payments",
}
SHOP: Final = {"service_name": "shop"}


async def post(api: Api, path: str, json: object, **options: Any) -> httpx2.Response:
    return await api.client.post(f"/platform{path}", json=json, **options)


async def read_health(api: Api) -> Json:
    return ok_json(await api.client.get("/platform/services/shop/health"))


async def archive_environments(api: Api, *names: str) -> None:
    for name in names:
        response = await api.client.patch(f"/api/v1/environments/{name}", json={"archived": True})
        ok_json(response)


async def test_registered_service_has_the_documented_response(api: Api) -> None:
    """The response has exactly the document's fields, and the service is registered as usual."""
    response = await post(api, "/services", PAYMENTS)

    assert created_json(response) == {
        "service_name": "payments",
        "status": "REGISTERED",
        "artifacts": {
            "terraform": "terraform/envs/development/payments",
            "k8s_manifest": "kubernetes/envs/development",
            "jenkins_pipeline": "jenkins",
        },
    }
    assert response.headers["Location"] == "/api/v1/services/payments"
    service = ok_json(await api.client.get(response.headers["Location"]))
    assert (service["team"], service["repo_url"], service["display_name"]) == (
        "core-platform",
        "https://github.com/org/payments",
        "payments",
    )


async def test_artifacts_are_folders_of_the_contracts(api: Api) -> None:
    """Each artifact is a folder that contains a generated file of the service."""
    artifacts = created_json(await post(api, "/services", PAYMENTS))["artifacts"]

    contracts = ok_json(await api.get("/services/payments/contracts"))
    folders = {file["path"].rpartition("/")[0] for file in contracts["files"]}
    assert set(artifacts.values()) <= folders


async def test_artifacts_are_null_without_an_environment(api: Api) -> None:
    """A service has no contracts while every environment is archived."""
    await archive_environments(api, *POLICIES)

    artifacts = created_json(await post(api, "/services", PAYMENTS))["artifacts"]

    assert artifacts == {"terraform": None, "k8s_manifest": None, "jenkins_pipeline": None}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"service_name": "Payments"}, "#/service_name"),
        ({"service_name": None}, "#/service_name"),
        ({"team_name": ""}, "#/team_name"),
        ({"repo_url": "payments"}, "#/repo_url"),
        ({"description": "Pays."}, "#/description"),
    ],
)
async def test_invalid_service_is_refused(api: Api, changes: Json, pointer: str) -> None:
    """The pointer uses the document's field name, and unknown fields are refused."""
    with api.assert_nothing_stored():
        response = await post(api, "/services", PAYMENTS | changes)

    assert_problem(response, 422, "invalid", pointer)


async def test_duplicate_service_is_refused(api: Api) -> None:
    """A second service with the same name is refused."""
    created_json(await post(api, "/services", PAYMENTS))

    assert_problem(await post(api, "/services", PAYMENTS), 409, "service_exists")


async def test_triggered_deployment_is_an_ordinary_request(api: Api) -> None:
    """A version is registered and its deployment to the first environment is requested.

    The work reference and the rollback plan, which the document lacks, say that none was given.
    """
    response = await post(api, "/deployments", SHOP, headers=auth_header("ada"))

    deployment = ok_json(await api.client.get(response.headers["Location"]))
    assert created_json(response) == {
        "build_id": deployment["id"],
        "service_name": "shop",
        "status": "QUEUED",
    }
    assert (deployment["service"], deployment["environment"]) == ("shop", "development")
    assert deployment["version"] == f"build-{deployment['id']}"
    assert (deployment["kind"], deployment["requester"]) == ("request", "ada")
    assert deployment["work_references"] == ["None given to POST /platform/deployments."]
    assert deployment["rollback_plan"] == "None given. Redeploy the previous version."
    ok_json(await api.get(f"/services/shop/versions/{deployment['version']}"))


async def test_build_id_is_that_of_the_workers(api: Api) -> None:
    """If the deployment is queued at once, the response has the build id that workers use."""
    await archive_environments(api, "development")

    response = await post(api, "/deployments", SHOP)

    deployment = ok_json(await api.client.get(response.headers["Location"]))
    assert (deployment["environment"], deployment["status"]) == ("test", "queued")
    assert created_json(response)["build_id"] == deployment["build_id"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"service_name": "nobody"}, "unknown_service", "#/service_name"),
        ({}, "invalid", "#/service_name"),
        ({"service_name": "shop", "environment": "test"}, "invalid", "#/environment"),
        ({"service_name": "shop", "version": "1.0.0"}, "invalid", "#/version"),
    ],
)
async def test_invalid_deployment_is_refused(api: Api, body: Json, code: str, pointer: str) -> None:
    """The pointer uses the document's field name, and no version is registered."""
    with api.assert_nothing_stored():
        response = await post(api, "/deployments", body)

    assert_problem(response, 422, code, pointer)


async def test_deployment_needs_an_environment_that_accepts_it(api: Api) -> None:
    """The request is refused if only production is active, or no environment at all."""
    await archive_environments(api, "development", "test", "staging")
    with api.assert_nothing_stored():
        refused = await post(api, "/deployments", SHOP)
    await archive_environments(api, "production")
    with api.assert_nothing_stored():
        homeless = await post(api, "/deployments", SHOP)

    assert_problem(refused, 422, "risk_required", "#/service_name")
    assert_problem(homeless, 422, "unknown_environment", "#/service_name")


async def test_archived_service_is_not_deployed(api: Api) -> None:
    """The request is refused with 409 while the service is archived."""
    ok_json(await api.client.patch("/api/v1/services/shop", json={"archived": True}))

    assert_problem(await post(api, "/deployments", SHOP), 409, "service_archived")


@pytest.mark.parametrize(("path", "body"), [("/services", PAYMENTS), ("/deployments", SHOP)])
async def test_retry_with_an_idempotency_key_is_replayed(api: Api, path: str, body: Json) -> None:
    """The same key and body return the stored response; another body is refused."""
    key = {"Idempotency-Key": "1"}
    first = await post(api, path, body, headers=key)
    with api.assert_nothing_stored():
        retry = await post(api, path, body, headers=key)
        other = await post(api, path, body | {"service_name": "cart"}, headers=key)

    assert created_json(retry) == created_json(first)
    assert retry.headers["Idempotent-Replayed"] == "true"
    assert_problem(other, 422, "idempotency_mismatch")


async def test_health_has_exactly_the_documented_fields(api: Api) -> None:
    """The values are those of the service's health, but the state is in the document's terms."""
    await api.deployment(Status.STARTED)

    health = await read_health(api)

    ours = ok_json(await api.get("/services/shop/health"))
    assert health == {
        "service_name": "shop",
        "last_deployment_time": ours["last_deployment_time"],
        "deployment_status": "RUNNING",
        "pod_count": ours["pod_count"],
        "cpu_usage": ours["cpu_usage"],
        "memory_usage": ours["memory_usage"],
    }


async def test_health_follows_the_deployment(api: Api) -> None:
    """The state is null before the first rollout and then that of the latest rollout.

    A rollout that succeeded still counts as a success after a rollback.
    """
    states = [(await read_health(api))["deployment_status"]]
    deployment = await api.deployment(Status.STARTED)
    for action in (None, Action.SUCCEED, Action.ROLLBACK):
        if action is not None:
            ok_json(await api.perform(deployment, action))
        states.append((await read_health(api))["deployment_status"])

    assert states == [None, "RUNNING", "SUCCESS", "SUCCESS"]


async def test_health_before_the_first_rollout_has_the_declared_resources(api: Api) -> None:
    """The time and the state are null, and the resources are those of the first environment."""
    health = await read_health(api)

    assert (health["last_deployment_time"], health["deployment_status"]) == (None, None)
    assert None not in (health["pod_count"], health["cpu_usage"], health["memory_usage"])


async def test_health_shows_the_triggered_deployment(api: Api) -> None:
    """If the policy starts the deployment automatically, the health shows it as queued at once."""
    await archive_environments(api, "development")
    created_json(await post(api, "/deployments", SHOP))

    assert (await read_health(api))["deployment_status"] == "QUEUED"


async def test_health_of_an_unknown_service_is_404(api: Api) -> None:
    """The response is 404 for a service that is not registered."""
    response = await api.client.get("/platform/services/nobody/health")

    assert_problem(response, 404, "unknown_service")
