"""The health of a service over HTTP: its latest rollout, declared resources and live versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, created_json, ok_json

HEALTH: Final = "/services/shop/health"
DECLARED: Final = {"pod_count": 1, "cpu_usage": "60m", "memory_usage": "128Mi"}
ROLLOUT_FIELDS: Final = (
    "last_deployment_time",
    "deployment_status",
    "execution_state",
    "deployment_id",
    "number",
    "build_id",
    "version",
)


async def health_of(api: Api, **filters: str) -> Json:
    health: Json = ok_json(await api.get(HEALTH, params=filters))
    return health


async def latest_rollout(api: Api, **filters: str) -> tuple[str, str, str]:
    health = await health_of(api, **filters)
    return health["number"], health["deployment_status"], health["execution_state"]


async def test_service_without_rollouts_has_its_declared_resources(api: Api) -> None:
    """The resources are those of the first environment, and all rollout fields are null."""
    await api.create_deployment()
    await api.deployment(Status.REJECTED)

    health = await health_of(api)

    assert {name: health[name] for name in ROLLOUT_FIELDS} == dict.fromkeys(ROLLOUT_FIELDS)
    assert {name: health[name] for name in DECLARED} == DECLARED
    assert (health["environment"], health["source"], health["live"]) == (
        "development",
        "declared",
        [],
    )
    assert (await health_of(api, environment="production"))["pod_count"] == 3


async def test_rollout_is_described_from_its_start_to_its_end(api: Api) -> None:
    """Until a rollout succeeds, its time is that of its start, and then that of its success.

    The health shows the deployment's build id, state and version.
    """
    api.clock.advance(timedelta(minutes=1))
    started = await api.deployment(Status.STARTED)
    running = await health_of(api)
    api.clock.advance(timedelta(minutes=5))
    succeeded = ok_json(await api.perform(started, Action.SUCCEED))

    health = await health_of(api)

    assert (running["last_deployment_time"], running["execution_state"], running["live"]) == (
        "2026-11-21T12:01:00Z",
        "RUNNING",
        [],
    )
    assert {name: health[name] for name in ROLLOUT_FIELDS} == {
        "last_deployment_time": "2026-11-21T12:06:00Z",
        "deployment_status": "succeeded",
        "execution_state": "SUCCESS",
        "deployment_id": succeeded["id"],
        "number": succeeded["number"],
        "build_id": succeeded["build_id"],
        "version": "1.0.0",
    }
    assert health["environment"] == "production"
    assert [(cell["environment"], cell["number"]) for cell in health["live"]] == [
        ("production", succeeded["number"])
    ]


async def test_failed_rollout_is_told_apart_from_the_live_version(api: Api) -> None:
    """A failure is the latest rollout, while the previous version remains live."""
    good = await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(minutes=1))
    bad = await api.deployment(Status.FAILED)

    health = await health_of(api)

    assert (health["number"], health["execution_state"]) == (bad["number"], "FAILED")
    assert [cell["number"] for cell in health["live"]] == [good["number"]]


async def test_requests_and_cancelled_deployments_do_not_count(api: Api) -> None:
    """Deployments that were never queued, or were cancelled in the queue, do not count."""
    rollout = await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(minutes=1))
    for status in (Status.PENDING_APPROVAL, Status.APPROVED, Status.REJECTED, Status.CANCELLED):
        await api.deployment(status)
    queued = await api.deployment(Status.QUEUED)
    ok_json(await api.perform(queued, Action.CANCEL))

    assert await latest_rollout(api) == (rollout["number"], "succeeded", "SUCCESS")


async def test_queued_deployment_is_the_latest_rollout_of_its_environment(api: Api) -> None:
    """A queued deployment is the latest rollout unless a filter names another environment."""
    production = await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(minutes=1))
    queued = await api.deployment(Status.QUEUED)

    in_production = await latest_rollout(api, environment="production")

    assert await latest_rollout(api) == (queued["number"], "queued", "QUEUED")
    assert in_production == (production["number"], "succeeded", "SUCCESS")


async def test_records_count_by_when_they_happened(api: Api) -> None:
    """A record with an earlier date is not the latest rollout, and a hidden record never is."""
    rollout = await api.deployment(Status.SUCCEEDED)
    api.clock.advance(timedelta(hours=1))
    body = {"service": "shop", "environment": "production", "version": "1.0.0"}
    back_dated = body | {"deployed_at": "2026-11-21T11:00:00Z"}
    created_json(await api.post("/deployments/record", back_dated))
    assert await latest_rollout(api) == (rollout["number"], "succeeded", "SUCCESS")

    recorded = created_json(await api.post("/deployments/record", body))
    assert await latest_rollout(api) == (recorded["number"], "succeeded", "SUCCESS")
    assert (await health_of(api))["build_id"] is None

    path = f"/deployments/{recorded['number']}/hide"
    ok_json(await api.post(path, {"reason": "It was another service."}))
    assert await latest_rollout(api) == (rollout["number"], "succeeded", "SUCCESS")


async def test_rolled_back_deployment_keeps_its_outcome(api: Api) -> None:
    """A rolled-back deployment is a success if it had succeeded before, and otherwise a failure."""
    rolled_back = await api.deployment(Status.ROLLED_BACK)
    assert await latest_rollout(api) == (rolled_back["number"], "rolled_back", "FAILED")

    api.clock.advance(timedelta(minutes=1))
    succeeded = await api.deployment(Status.SUCCEEDED)
    ok_json(await api.perform(succeeded, Action.ROLLBACK))
    assert await latest_rollout(api) == (succeeded["number"], "rolled_back", "SUCCESS")


async def test_health_in_an_unknown_environment_is_404(api: Api) -> None:
    """A misspelt environment is an error, not an environment without deployments."""
    response = await api.get(HEALTH, params={"environment": "moon"})

    assert_problem(response, 404, "unknown_environment")
