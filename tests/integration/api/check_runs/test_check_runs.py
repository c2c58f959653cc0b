"""Check runs over HTTP: requested by operators, executed by workers that understand them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, Json, assert_problem, auth_header, created_json, ok_json
from tests.support.http.check_runs import (
    KINDS,
    PATH,
    RESULT_BODY,
    TARGET_WITH_CHECKS,
    claim_check_run,
    request_check_run,
)

RUNS = f"{PATH}/check-runs"


async def test_requested_run_is_at_its_location(api: Api) -> None:
    """It waits for a worker."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))

    response = await api.post(RUNS, headers=auth_header("olga"))

    run = created_json(response)
    assert response.headers["Location"] == f"/api/v1{RUNS}/{run['id']}"
    assert ok_json(await api.get(f"{RUNS}/{run['id']}")) == run
    assert (run["state"], run["outcome"], run["requested_by"]) == ("queued", None, "olga")
    assert (run["target_version"], run["attempt"], run["results"]) == (1, 0, [])


async def test_target_without_checks_is_refused(api: Api) -> None:
    """The problem says what to configure."""
    problem = assert_problem(await api.post(RUNS), 409, "no_checks")

    assert "Add a base URL and checks" in problem["detail"]


async def test_second_request_is_refused_while_the_first_is_open(api: Api) -> None:
    """With the same idempotency key, the first response is repeated."""
    ok_json(await api.put(PATH, TARGET_WITH_CHECKS))
    first = await api.post(RUNS, headers={"Idempotency-Key": "one"})

    repeated = await api.post(RUNS, headers={"Idempotency-Key": "one"})
    problem = assert_problem(await api.post(RUNS), 409, "check_run_open")

    assert created_json(repeated) == created_json(first)
    assert first.json()["id"] in problem["detail"]


async def test_worker_that_does_not_know_check_runs_receives_none(api: Api) -> None:
    """Workers of older releases send no kinds, and understand deployments only."""
    await request_check_run(api)

    response = await api.post("/worker/claims", {"worker": "old"})
    assert response.status_code == 204
    await api.deployment(Status.QUEUED)
    task = ok_json(await api.post("/worker/claims", {"worker": "old"}))
    assert task["kind"] == "deployment"


async def test_worker_can_take_check_runs_only(api: Api) -> None:
    """A worker without an executor leaves deployments to others."""
    await api.deployment(Status.QUEUED)

    response = await api.post("/worker/claims", {"worker": "probe", "kinds": ["check_run"]})

    assert response.status_code == 204
    unknown = await api.post("/worker/claims", {"worker": "probe", "kinds": ["webhook"]})
    assert_problem(unknown, 422, "invalid", "#/kinds/0")
    none = await api.post("/worker/claims", {"worker": "probe", "kinds": []})
    assert_problem(none, 422, "invalid", "#/kinds")


async def test_check_task_has_everything_that_the_worker_needs(api: Api) -> None:
    """The checks are those of the target, and the policy says where they may connect."""
    ok_json(await api.put("/environments/production/policy", {"outgoing_allow": ["shop.example"]}))

    task = await claim_check_run(api, lease_s=20)

    assert (task["kind"], task["fencing_token"], task["lease_s"]) == ("check_run", 1, 20)
    assert task["base_url"] == "https://shop.example"
    assert [check["name"] for check in task["checks"]] == ["health", "cart"]
    assert task["outgoing_allow"] == ["shop.example"]
    run = task["check_run"]
    assert (run["state"], run["worker"], run["attempt"]) == ("running", "berlin-1", 1)
    assert ok_json(await api.get(f"{RUNS}/{run['id']}")) == run


async def test_check_runs_come_before_deployments(api: Api) -> None:
    """Somebody waits for their results, and they take seconds."""
    await api.deployment(Status.QUEUED)
    task = await claim_check_run(api)
    assert task["kind"] == "check_run"

    body = {"worker": "berlin-1", "kinds": KINDS}
    assert ok_json(await api.post("/worker/claims", body))["kind"] == "deployment"


async def test_waiting_worker_receives_a_requested_run_at_once(api: Api) -> None:
    """The request wakes the worker."""
    body = {"worker": "berlin-1", "kinds": KINDS, "wait_s": 20}
    waiting = asyncio.create_task(api.post("/worker/claims", body))
    await asyncio.sleep(0)

    await request_check_run(api)

    assert ok_json(await asyncio.wait_for(waiting, 5))["kind"] == "check_run"


async def test_results_are_shown_in_the_order_of_the_checks(api: Api) -> None:
    """A check without a result was skipped; the run has the worst result of required checks."""
    task = await claim_check_run(api)
    path = f"/worker/check-runs/{task['id']}"
    lease = ok_json(await api.post(f"{path}/renew", {"fencing_token": 1}))
    assert (lease["id"], lease["lease_s"]) == (task["id"], 15)

    failed = RESULT_BODY | {"state": "failed", "detail": "GET /health returned 503."}
    run = ok_json(await api.post(f"{path}/finish", {"fencing_token": 1, "results": [failed]}))

    assert (run["state"], run["outcome"]) == ("finished", "failed")
    assert [(result["name"], result["state"]) for result in run["results"]] == [
        ("health", "failed"),
        ("cart", "skipped"),
    ]
    assert run["results"][0]["detail"] == "GET /health returned 503."
    assert ok_json(await api.get(RUNS))["items"] == [run]


async def test_unknown_results_are_named(api: Api) -> None:
    """Each wrong name has its pointer."""
    task = await claim_check_run(api)
    body = {"fencing_token": 1, "results": [RESULT_BODY, RESULT_BODY | {"name": "other"}]}

    response = await api.post(f"/worker/check-runs/{task['id']}/finish", body)

    assert_problem(response, 422, "unknown_check", "#/results/1/name")


async def test_lost_worker_is_replaced_and_reports_nothing(api: Api) -> None:
    """The checks run again from the first one."""
    task = await claim_check_run(api)
    path = f"/worker/check-runs/{task['id']}"
    api.clock.advance(timedelta(seconds=15))
    body = {"worker": "berlin-2", "kinds": KINDS}

    second = ok_json(await api.post("/worker/claims", body))

    assert (second["id"], second["fencing_token"]) == (task["id"], 2)
    for action in ("renew", "finish"):
        fields: Json = {"results": []} if action == "finish" else {}
        response = await api.post(f"{path}/{action}", {"fencing_token": 1, **fields})
        assert_problem(response, 409, "check_run_claim_lost")
    finished = await api.post(f"{path}/finish", {"fencing_token": 2, "results": [RESULT_BODY]})
    assert ok_json(finished)["attempt"] == 2


async def test_run_is_found_only_below_its_target(api: Api) -> None:
    """An id of another target, or text that is no id, is not found."""
    run = await request_check_run(api)

    elsewhere = f"/services/shop/targets/staging/check-runs/{run['id']}"
    assert_problem(await api.get(elsewhere), 404, "unknown_check_run")
    assert_problem(await api.get(f"{RUNS}/none"), 404, "unknown_check_run")
    assert_problem(
        await api.get("/services/none/targets/staging/check-runs"), 404, "unknown_service"
    )
    assert_problem(
        await api.get("/services/shop/targets/none/check-runs"), 404, "unknown_environment"
    )


async def test_list_has_pages(api: Api) -> None:
    """The newest run comes first."""
    ids = []
    for _ in range(3):
        task = await claim_check_run(api)
        finish = {"fencing_token": 1, "results": [RESULT_BODY]}
        ok_json(await api.post(f"/worker/check-runs/{task['id']}/finish", finish))
        ids.append(task["id"])

    first = ok_json(await api.get(RUNS, params={"limit": 2}))
    second = ok_json(await api.get(RUNS, params={"limit": 2, "cursor": first["next_cursor"]}))

    assert [run["id"] for run in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


async def test_check_run_changes_no_deployment(api: Api) -> None:
    """A failed check outside of a deployment is only shown."""
    deployment = await api.deployment(Status.SUCCEEDED)
    task = await claim_check_run(api)
    assert task["check_run"]["version"] == deployment["version"]
    failed = RESULT_BODY | {"state": "failed"}
    path = f"/worker/check-runs/{task['id']}/finish"

    ok_json(await api.post(path, {"fencing_token": 1, "results": [failed]}))

    after = ok_json(await api.get(f"/deployments/{deployment['number']}"))
    assert (after["status"], after["revision"]) == ("succeeded", deployment["revision"])
