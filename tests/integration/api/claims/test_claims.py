"""Claims over HTTP: workers claim, renew, report and finish, and lose abandoned claims."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import an_id
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    ok_json,
)
from tests.support.http.clock import advance_time
from tests.support.http.users import create_user, patch_user
from tests.support.http.worker_claims import (
    CLAIMS_PATH,
    LEASE_S,
    STEP_BODY,
    claim_queued_deployment,
    claim_task,
    finish_task,
    post_claim,
    post_to_claim,
)

STEP_RESPONSE: Final[Json] = STEP_BODY | {"attempt": 1, "tried": 1, "detail": "", "took_ms": None}
"""The same step as the API returns it."""


CLAIM_OPERATIONS: Final[dict[str, Json]] = {
    "renew": {},
    "steps": {"steps": [STEP_BODY]},
    "finish": {"outcome": "succeeded", "steps": [STEP_BODY]},
}
"""The operations on a claim, each with a valid body."""


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/worker"),
        ({"worker": None}, "#/worker"),
        ({"worker": ""}, "#/worker"),
        ({"worker": "worker:one"}, "#/worker"),
        ({"worker": "-one"}, "#/worker"),
        ({"worker": "one\n"}, "#/worker"),
        ({"worker": "x" * 64}, "#/worker"),
        ({"worker": "one", "wait_s": -1}, "#/wait_s"),
        ({"worker": "one", "wait_s": 31}, "#/wait_s"),
        ({"worker": "one", "wait_s": 0.5}, "#/wait_s"),
        ({"worker": "one", "lease_s": 0}, "#/lease_s"),
        ({"worker": "one", "lease_s": 3601}, "#/lease_s"),
        ({"worker": "one", "actor": "bo"}, "#/actor"),
    ],
)
async def test_invalid_claim_is_refused(api: Api, body: Json, pointer: str) -> None:
    """The error points at the field, and the deployment stays queued."""
    await api.deployment(Status.QUEUED)
    with api.assert_nothing_stored():
        assert_problem(await api.post(CLAIMS_PATH, body), 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("operation", "body", "pointer"),
    [
        ("renew", {"fencing_token": None}, "#/fencing_token"),
        ("renew", {"fencing_token": 0}, "#/fencing_token"),
        ("renew", {"fencing_token": 2**63}, "#/fencing_token"),
        ("renew", {"fencing_token": "1"}, "#/fencing_token"),
        ("renew", {"lease_s": 9}, "#/lease_s"),
        ("steps", {}, "#/steps"),
        ("steps", {"steps": [STEP_BODY] * 201}, "#/steps"),
        ("steps", {"steps": [STEP_BODY | {"kind": "prayer"}]}, "#/steps/0/kind"),
        ("steps", {"steps": [STEP_BODY | {"state": "maybe"}]}, "#/steps/0/state"),
        ("steps", {"steps": [STEP_BODY | {"name": ""}]}, "#/steps/0/name"),
        ("steps", {"steps": [STEP_BODY | {"attempt": 1}]}, "#/steps/0/attempt"),
        ("steps", {"steps": [STEP_BODY | {"tried": 0}]}, "#/steps/0/tried"),
        ("steps", {"steps": [STEP_BODY | {"took_ms": -1}]}, "#/steps/0/took_ms"),
        ("steps", {"steps": [STEP_BODY | {"detail": "x" * 10_001}]}, "#/steps/0/detail"),
        ("steps", {"steps": [STEP_BODY, STEP_BODY | {"at": "2026-11-21"}]}, "#/steps/1/at"),
        ("steps", {"steps": [STEP_BODY | {"at": "2026-11-21T12:00:01"}]}, "#/steps/0/at"),
        ("steps", {"steps": [STEP_BODY | {"at": "0001-01-01T00:00:00+14:00"}]}, "#/steps/0/at"),
        ("finish", {}, "#/outcome"),
        ("finish", {"outcome": "rolled_back"}, "#/outcome"),
        ("finish", {"outcome": "succeeded", "checks": []}, "#/checks"),
        ("finish", {"outcome": "succeeded", "steps": [STEP_BODY] * 201}, "#/steps"),
        ("finish", {"outcome": "failed", "steps": [STEP_BODY | {"at": "never"}]}, "#/steps/0/at"),
    ],
)
async def test_invalid_request_on_a_claim_is_refused(
    api: Api, operation: str, body: Json, pointer: str
) -> None:
    """The error points at the field, and nothing from the request is stored."""
    task = await claim_queued_deployment(api)

    with api.assert_nothing_stored():
        response = await post_to_claim(api, task, operation, **body)

    assert response.json()["code"] in {"invalid", "bad_time"}, response.text
    assert_problem(response, 422, response.json()["code"], pointer)


async def test_hidden_characters_of_a_worker_are_replaced(api: Api) -> None:
    """A report is never refused because of what a program has printed."""
    task = await claim_queued_deployment(api)
    hidden = "a\x00\u202eb\tc\n"

    finished = await finish_task(
        api, task, "failed", note=hidden, steps=[STEP_BODY | {"detail": hidden}]
    )

    number = ok_json(finished)["number"]
    (step,) = ok_json(await api.get(f"/deployments/{number}/steps"))["items"]
    assert step["detail"] == "a\ufffd\ufffdb\tc\n"
    event = (await api.events(ok_json(finished)))[-1]
    assert event["note"] == "a\ufffd\ufffdb\tc\n"


@pytest.mark.parametrize("note", [None, "", " \n "])
async def test_failed_outcome_requires_a_note(api: Api, note: str | None) -> None:
    """Without a note the claim stays open and can still be finished."""
    task = await claim_queued_deployment(api)

    with api.assert_nothing_stored():
        response = await finish_task(api, task, "failed", note=note, steps=[STEP_BODY])

    assert_problem(response, 422, "note_required", "#/note")
    assert (await finish_task(api, task)).status_code == 200


@pytest.mark.parametrize("operation", CLAIM_OPERATIONS)
@pytest.mark.parametrize("claim", [str(an_id()), "latest", "%20", "x" * 300])
async def test_unknown_claim_is_404(api: Api, operation: str, claim: str) -> None:
    """The response is 404 for an unknown or malformed id, and nothing is stored."""
    with api.assert_nothing_stored():
        response = await api.post(
            f"{CLAIMS_PATH}/{claim}/{operation}",
            {"fencing_token": 1, **CLAIM_OPERATIONS[operation]},
        )

    assert_problem(response, 404, "unknown_claim")


async def taken_by_another_worker(api: Api, task: Json) -> str:
    await advance_time(api, seconds=LEASE_S)
    task_of_other = await claim_task(api, "paris-1")
    assert task_of_other["deployment"]["execution"]["attempt"] == 2
    assert task_of_other["fencing_token"] > task["fencing_token"]
    return "worker:paris-1 holds it now"


async def failed_by_a_person(api: Api, task: Json) -> str:
    ok_json(await api.perform(task["deployment"], Action.FAIL))
    return "its status is failed"


async def past_the_deadline(api: Api, _: Json) -> str:
    await advance_time(api, hours=1)
    return "its status is failed"


async def finished(api: Api, task: Json) -> str:
    ok_json(await finish_task(api, task))
    return "its status is succeeded"


@pytest.mark.parametrize("operation", CLAIM_OPERATIONS)
@pytest.mark.parametrize(
    "lose", [taken_by_another_worker, failed_by_a_person, past_the_deadline, finished]
)
async def test_lost_claim_changes_nothing(
    api: Api, operation: str, lose: Callable[[Api, Json], Awaitable[str]]
) -> None:
    """The response is 409 for a claim that was taken over, ended, expired or finished."""
    task = await claim_queued_deployment(api)
    reason = await lose(api, task)
    before = ok_json(await api.get("/deployments/1"))

    with api.assert_nothing_stored():
        response = await post_to_claim(api, task, operation, **CLAIM_OPERATIONS[operation])

    body = assert_problem(response, 409, "claim_lost")
    assert body["detail"] == f"This claim on DEP-1 is no longer valid: {reason}."
    assert (body["deployment_status"], body["allowed_actions"]) == (before["status"], [])
    assert ok_json(await api.get("/deployments/1")) == before


@pytest.mark.parametrize("operation", CLAIM_OPERATIONS)
async def test_wrong_fencing_token_is_refused(api: Api, operation: str) -> None:
    """A fencing token greater than that of the claim is refused, not only an outdated one."""
    task = await claim_queued_deployment(api)

    with api.assert_nothing_stored():
        body = CLAIM_OPERATIONS[operation] | {"fencing_token": task["fencing_token"] + 1}
        assert_problem(await post_to_claim(api, task, operation, **body), 409, "claim_lost")


async def test_claim_without_queued_deployments_is_204(api: Api) -> None:
    """The response has no body, and nothing is stored."""
    await api.deployment(Status.APPROVED)

    with api.assert_nothing_stored():
        response = await post_claim(api)

    assert (response.status_code, response.content) == (204, b"")


async def test_claimed_task_has_everything_a_worker_needs(api: Api) -> None:
    """The task contains the deployment, its configured target, the lease and the deadline."""
    target = {
        "executor": {"kind": "webhook", "url": "https://ci.example/hooks"},
        "base_url": "https://shop.example",
        "checks": [{"name": "health", "path": "/health"}],
        "deadline_s": 90,
    }
    stored_target = ok_json(await api.put("/services/shop/targets/test", target))
    queued = await api.deployment(Status.QUEUED)
    api.clock.advance(timedelta(seconds=5))

    task = await claim_task(api, lease_s=20)

    deployment = task["deployment"]
    assert (deployment["id"], deployment["status"]) == (queued["id"], "started")
    assert deployment["execution"] == {
        "state": "RUNNING",
        "attempt": 1,
        "worker": "worker:berlin-1",
    }
    assert deployment["deployed_by"] == "worker:berlin-1"
    assert deployment["build_id"] == queued["build_id"]
    assert task["target"] == {name: stored_target[name] for name in task["target"]}
    assert task["target"]["deadline_s"] == 90
    assert (task["previous_version"], task["rolled_out"]) == (None, False)
    assert task["outgoing_allow"] == []
    assert (task["leased_until"], task["lease_s"]) == ("2026-11-21T12:00:25Z", 20)
    assert (task["deadline_at"], task["time_left_s"]) == ("2026-11-21T12:01:35Z", 90)
    assert task["fencing_token"] == 1
    assert ok_json(await api.get("/deployments/1")) == deployment


async def test_worker_claims_only_within_its_grants(api: Api) -> None:
    """A worker neither gets nor sees tasks for services that it has no grant for."""
    await create_user(api, "crew")
    await patch_user(api, "crew", grants=[{"role": "worker", "service": "cart"}])
    await api.deployment(Status.QUEUED)
    empty_response = await api.post(CLAIMS_PATH, {"worker": "w"}, headers=auth_header("crew"))
    await api.deployment(Status.QUEUED, service="cart")

    task = await claim_task(api, by="crew")

    assert empty_response.status_code == 204
    assert task["deployment"]["service"] == "cart"
    assert (await claim_task(api))["deployment"]["service"] == "shop"


async def test_renewed_claim_gets_another_lease(api: Api) -> None:
    """A renewal starts a new lease and returns the time left until the deadline."""
    task = await claim_queued_deployment(api)
    api.clock.advance(timedelta(seconds=LEASE_S - 1))

    renewed = ok_json(await post_to_claim(api, task, "renew"))

    assert renewed["leased_until"] == "2026-11-21T12:00:29Z"
    assert (renewed["id"], renewed["time_left_s"]) == (task["id"], 3600 - 14)
    assert renewed.keys() < task.keys()
    api.clock.advance(timedelta(seconds=LEASE_S - 1))
    assert (await post_claim(api)).status_code == 204
    api.clock.advance(timedelta(seconds=1))
    assert (await claim_task(api, "paris-1"))["deployment"]["number"] == "DEP-1"


async def test_expired_claim_is_taken_over(api: Api) -> None:
    """Another worker continues the same build as its next attempt, with the same deadline.

    The task says that the first attempt may already have rolled out the version.
    """
    first_task = await claim_queued_deployment(api)
    ok_json(await post_to_claim(api, first_task, "steps", steps=[STEP_BODY]))
    await advance_time(api, seconds=LEASE_S)

    second_task = await claim_task(api, "paris-1")

    assert second_task["deployment"]["build_id"] == first_task["deployment"]["build_id"]
    assert second_task["deployment"]["execution"]["worker"] == "worker:paris-1"
    assert (second_task["deadline_at"], second_task["rolled_out"]) == (
        first_task["deadline_at"],
        True,
    )
    ok_json(
        await finish_task(api, second_task, steps=[STEP_BODY | {"kind": "check", "name": "health"}])
    )
    kinds = [event["kind"] for event in await api.events(second_task["deployment"])]
    assert kinds[-4:] == ["queued", "started", "taken_over", "succeeded"]
    steps = ok_json(await api.get("/deployments/DEP-1/steps"))["items"]
    assert [step["attempt"] for step in steps] == [1, 2]


async def test_reported_steps_are_returned(api: Api) -> None:
    """All steps are listed, and the list of checks includes the readiness probe.

    It has one item per try, with its last state.

    The event that ends the deployment contains the number of steps.
    """
    task = await claim_queued_deployment(api)
    ready = STEP_BODY | {"kind": "ready", "name": "ready", "state": "failed", "detail": "503\n\tno"}
    check = STEP_BODY | {"kind": "check", "name": "health", "tried": 2, "took_ms": 12}
    running = STEP_BODY | {"state": "running", "at": "2026-11-21T13:00:01.000001+01:00"}

    renewed = ok_json(await post_to_claim(api, task, "steps", steps=[running, STEP_BODY, ready]))
    begun = check | {"state": "running", "took_ms": None}
    ended = ok_json(await finish_task(api, task, steps=[begun, check]))

    steps = ok_json(await api.get("/deployments/DEP-1/steps"))["items"]
    assert steps == [
        STEP_RESPONSE | {"state": "running", "at": "2026-11-21T12:00:01.000001Z"},
        STEP_RESPONSE,
        STEP_RESPONSE | ready,
        STEP_RESPONSE | begun,
        STEP_RESPONSE | check,
    ]
    checks = ok_json(await api.get(f"/deployments/{ended['id']}/checks"))["items"]
    assert checks == [steps[2], steps[4]]
    assert renewed["leased_until"] == task["leased_until"]
    (*_, last) = await api.events(ended)
    assert (last["kind"], last["data"]["steps"], last["data"]["claim"]) == (
        "succeeded",
        5,
        task["id"],
    )


@pytest.mark.parametrize("path", ["steps", "checks"])
async def test_deployment_without_a_worker_has_no_steps(api: Api, path: str) -> None:
    """The list is empty. For an unknown deployment, the response is 404."""
    await api.create_deployment()

    assert ok_json(await api.get(f"/deployments/DEP-1/{path}")) == {"items": []}
    assert_problem(await api.get(f"/deployments/DEP-9/{path}"), 404, "unknown_deployment")


async def test_finished_claim_sets_the_outcome(api: Api) -> None:
    """The deployment succeeds or fails, and the next one in the lane can be claimed."""
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.QUEUED)
    first = await claim_task(api)
    busy_response = await post_claim(api)
    failed = await finish_task(api, first, "failed", note="health: 503\nafter 3 attempts")
    second = await claim_task(api)
    succeeded = await finish_task(api, second)

    assert busy_response.status_code == 204
    assert ok_json(failed)["status"] == "failed"
    assert ok_json(failed)["execution"]["state"] == "FAILED"
    assert failed.headers["ETag"] == f'"{failed.json()["revision"]}"'
    assert (ok_json(succeeded)["number"], ok_json(succeeded)["status"]) == ("DEP-2", "succeeded")
    cells = ok_json(await api.get("/deployments/current", params={"environment": "test"}))["cells"]
    assert [(cell["number"], cell["deployed_by"]) for cell in cells] == [
        ("DEP-2", "worker:berlin-1")
    ]
