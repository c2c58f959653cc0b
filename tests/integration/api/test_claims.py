"""Workers over HTTP: they claim, renew, report and finish, and lose what they leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from gatepost_api.app import create_app
from gatepost_domain.status import Action, Status
from tests.support.api import (
    HOST,
    Api,
    Json,
    assert_problem,
    auth_header,
    ok_json,
    running_api,
)
from tests.support.builders import an_id
from tests.support.people import create_user, patch_user
from tests.support.ticking import advance_time
from tests.support.working import (
    CLAIMS_PATH,
    LEASE_S,
    STEP_BODY,
    claim_queued_deployment,
    claim_task,
    finish_task,
    post_claim,
    post_to_claim,
)

TOLD: Final[Json] = STEP_BODY | {"attempt": 1, "tried": 1, "detail": "", "took_ms": None}
"""The same as it is read."""


DEEDS: Final[dict[str, Json]] = {
    "renew": {},
    "steps": {"steps": [STEP_BODY]},
    "finish": {"outcome": "succeeded", "steps": [STEP_BODY]},
}
"""What is done under a claim, and how."""


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
async def test_a_claim_that_makes_no_sense_is_refused(api: Api, body: Json, pointer: str) -> None:
    """With what is wrong with it; what is queued stays so."""
    await api.deployment(Status.QUEUED)
    with api.assert_nothing_stored():
        assert_problem(await api.post(CLAIMS_PATH, body), 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("word", "told", "pointer"),
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
        ("steps", {"steps": [STEP_BODY | {"detail": "\x00"}]}, "#/steps/0/detail"),
        ("steps", {"steps": [STEP_BODY | {"detail": "x" * 10_001}]}, "#/steps/0/detail"),
        ("steps", {"steps": [STEP_BODY, STEP_BODY | {"at": "2026-11-21"}]}, "#/steps/1/at"),
        ("steps", {"steps": [STEP_BODY | {"at": "2026-11-21T12:00:01"}]}, "#/steps/0/at"),
        ("steps", {"steps": [STEP_BODY | {"at": "0001-01-01T00:00:00+14:00"}]}, "#/steps/0/at"),
        ("finish", {}, "#/outcome"),
        ("finish", {"outcome": "rolled_back"}, "#/outcome"),
        ("finish", {"outcome": "succeeded", "checks": []}, "#/checks"),
        ("finish", {"outcome": "succeeded", "steps": [STEP_BODY] * 201}, "#/steps"),
        ("finish", {"outcome": "succeeded", "note": "\x00"}, "#/note"),
        ("finish", {"outcome": "failed", "steps": [STEP_BODY | {"at": "never"}]}, "#/steps/0/at"),
    ],
)
async def test_what_makes_no_sense_under_a_claim_is_refused(
    api: Api, word: str, told: Json, pointer: str
) -> None:
    """The answer points at what is wrong; nothing of the rest is kept."""
    task = await claim_queued_deployment(api)

    with api.assert_nothing_stored():
        response = await post_to_claim(api, task, word, **told)

    assert response.json()["code"] in {"invalid", "bad_time"}, response.text
    assert_problem(response, 422, response.json()["code"], pointer)


@pytest.mark.parametrize("note", [None, "", " \n "])
async def test_what_failed_says_why(api: Api, note: str | None) -> None:
    """The answer asks for the note; the deployment goes on."""
    task = await claim_queued_deployment(api)

    with api.assert_nothing_stored():
        response = await finish_task(api, task, "failed", note=note, steps=[STEP_BODY])

    assert_problem(response, 422, "note_required", "#/note")
    assert (await finish_task(api, task)).status_code == 200


@pytest.mark.parametrize("word", DEEDS)
@pytest.mark.parametrize("claim", [str(an_id()), "latest", "%20", "x" * 300])
async def test_a_claim_that_was_never_made_is_not_found(api: Api, word: str, claim: str) -> None:
    """Whatever stands in its place."""
    with api.assert_nothing_stored():
        response = await api.post(
            f"{CLAIMS_PATH}/{claim}/{word}", {"fencing_token": 1, **DEEDS[word]}
        )

    assert_problem(response, 404, "unknown_claim")


async def lost_to_another(api: Api, task: Json) -> str:
    await advance_time(api, seconds=LEASE_S)
    other = await claim_task(api, "paris-1")
    assert other["deployment"]["execution"]["attempt"] == 2
    assert other["fencing_token"] > task["fencing_token"]
    return "worker:paris-1 holds it now"


async def ended_by_hand(api: Api, task: Json) -> str:
    ok_json(await api.perform(task["deployment"], Action.FAIL))
    return "its status is failed"


async def past_its_deadline(api: Api, _: Json) -> str:
    await advance_time(api, hours=1)
    return "its status is failed"


async def finished(api: Api, task: Json) -> str:
    ok_json(await finish_task(api, task))
    return "its status is succeeded"


@pytest.mark.parametrize("word", DEEDS)
@pytest.mark.parametrize("lose", [lost_to_another, ended_by_hand, past_its_deadline, finished])
async def test_a_claim_that_is_lost_changes_nothing(
    api: Api, word: str, lose: Callable[[Api, Json], Awaitable[str]]
) -> None:
    """Another worker has it, somebody ended it, or time did: 409, and all stays as it is."""
    task = await claim_queued_deployment(api)
    why = await lose(api, task)
    before = ok_json(await api.get("/deployments/1"))

    with api.assert_nothing_stored():
        response = await post_to_claim(api, task, word, **DEEDS[word])

    body = assert_problem(response, 409, "claim_lost")
    assert body["detail"] == f"This claim on DEP-1 is no longer valid: {why}."
    assert (body["deployment_status"], body["allowed_actions"]) == (before["status"], [])
    assert ok_json(await api.get("/deployments/1")) == before


@pytest.mark.parametrize("word", DEEDS)
async def test_a_token_that_is_not_the_claims_changes_nothing(api: Api, word: str) -> None:
    """Not even one that is greater."""
    task = await claim_queued_deployment(api)

    with api.assert_nothing_stored():
        told = DEEDS[word] | {"fencing_token": task["fencing_token"] + 1}
        assert_problem(await post_to_claim(api, task, word, **told), 409, "claim_lost")


async def test_where_there_is_nothing_to_do_there_is_nothing_to_say(api: Api) -> None:
    """204, without a body; nothing was stored."""
    await api.deployment(Status.APPROVED)

    with api.assert_nothing_stored():
        response = await post_claim(api)

    assert (response.status_code, response.content) == (204, b"")


async def test_a_task_has_all_that_it_takes(api: Api) -> None:
    """The deployment, the target as it was set up, and how long there is."""
    target = {
        "executor": {"kind": "webhook", "url": "https://ci.example/hooks"},
        "base_url": "https://shop.example",
        "checks": [{"name": "health", "path": "/health"}],
        "deadline_s": 90,
    }
    put = ok_json(await api.put("/services/shop/targets/test", target))
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
    assert task["target"] == {name: put[name] for name in task["target"]}
    assert task["target"]["deadline_s"] == 90
    assert (task["previous_version"], task["rolled_out"]) == (None, False)
    assert task["outgoing_allow"] == []
    assert (task["leased_until"], task["lease_s"]) == ("2026-11-21T12:00:25Z", 20)
    assert (task["deadline_at"], task["time_left_s"]) == ("2026-11-21T12:01:35Z", 90)
    assert task["fencing_token"] == 1
    assert ok_json(await api.get("/deployments/1")) == deployment


async def test_a_worker_of_one_service_is_given_that_services(api: Api) -> None:
    """What it may not carry out stays for others, and it sees nothing of it."""
    await create_user(api, "crew")
    await patch_user(api, "crew", grants=[{"role": "worker", "service": "cart"}])
    await api.deployment(Status.QUEUED)
    nothing = await api.post(CLAIMS_PATH, {"worker": "w"}, headers=auth_header("crew"))
    await api.deployment(Status.QUEUED, service="cart")

    task = await claim_task(api, by="crew")

    assert nothing.status_code == 204
    assert task["deployment"]["service"] == "cart"
    assert (await claim_task(api))["deployment"]["service"] == "shop"


async def test_a_renewed_claim_stays_its_workers(api: Api) -> None:
    """For another lease from then on; how much time is left is told each time."""
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


async def test_another_worker_takes_over_what_was_left(api: Api) -> None:
    """The same build in another attempt; whoever takes over is told how far it came."""
    lost = await claim_queued_deployment(api)
    ok_json(await post_to_claim(api, lost, "steps", steps=[STEP_BODY]))
    await advance_time(api, seconds=LEASE_S)

    taken = await claim_task(api, "paris-1")

    assert taken["deployment"]["build_id"] == lost["deployment"]["build_id"]
    assert taken["deployment"]["execution"]["worker"] == "worker:paris-1"
    assert (taken["deadline_at"], taken["rolled_out"]) == (lost["deadline_at"], True)
    ok_json(await finish_task(api, taken, steps=[STEP_BODY | {"kind": "check", "name": "health"}]))
    kinds = [event["kind"] for event in await api.events(taken["deployment"])]
    assert kinds[-4:] == ["queued", "started", "taken_over", "succeeded"]
    steps = ok_json(await api.get("/deployments/DEP-1/steps"))["items"]
    assert [each["attempt"] for each in steps] == [1, 2]


async def test_what_was_told_is_read_as_it_came(api: Api) -> None:
    """Steps are all of it; checks are readiness and checks; an event vouches for them."""
    task = await claim_queued_deployment(api)
    ready = STEP_BODY | {"kind": "ready", "name": "ready", "state": "failed", "detail": "503\n\tno"}
    check = STEP_BODY | {"kind": "check", "name": "health", "tried": 2, "took_ms": 12}
    running = STEP_BODY | {"state": "running", "at": "2026-11-21T13:00:01.000001+01:00"}

    held = ok_json(await post_to_claim(api, task, "steps", steps=[running, STEP_BODY, ready]))
    ended = ok_json(await finish_task(api, task, steps=[check]))

    steps = ok_json(await api.get("/deployments/DEP-1/steps"))["items"]
    assert steps == [
        TOLD | {"state": "running", "at": "2026-11-21T12:00:01.000001Z"},
        TOLD,
        TOLD | ready,
        TOLD | check,
    ]
    checks = ok_json(await api.get(f"/deployments/{ended['id']}/checks"))["items"]
    assert checks == steps[2:]
    assert held["leased_until"] == task["leased_until"]
    (*_, last) = await api.events(ended)
    assert (last["kind"], last["data"]["steps"], last["data"]["claim"]) == (
        "succeeded",
        4,
        task["id"],
    )


@pytest.mark.parametrize("what", ["steps", "checks"])
async def test_nothing_was_told_of_what_no_worker_carried_out(api: Api, what: str) -> None:
    """An empty list; of what does not exist, none at all."""
    await api.create_deployment()

    assert ok_json(await api.get(f"/deployments/DEP-1/{what}")) == {"items": []}
    assert_problem(await api.get(f"/deployments/DEP-9/{what}"), 404, "unknown_deployment")


async def test_what_a_worker_ended_stands_or_failed(api: Api) -> None:
    """With what follows: the next of the lane can be claimed."""
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.QUEUED)
    first = await claim_task(api)
    busy = await post_claim(api)
    failed = await finish_task(api, first, "failed", note="health: 503\nafter 3 attempts")
    second = await claim_task(api)
    stands = await finish_task(api, second)

    assert busy.status_code == 204
    assert ok_json(failed)["status"] == "failed"
    assert ok_json(failed)["execution"]["state"] == "FAILED"
    assert failed.headers["ETag"] == f'"{failed.json()["revision"]}"'
    assert (ok_json(stands)["number"], ok_json(stands)["status"]) == ("DEP-2", "succeeded")
    cell = ok_json(await api.get("/deployments/current", params={"environment": "test"}))["cells"]
    assert [(each["number"], each["deployed_by"]) for each in cell] == [
        ("DEP-2", "worker:berlin-1")
    ]


async def test_a_finish_that_is_repeated_with_its_key_is_answered_again(api: Api) -> None:
    """A worker that lost the answer hears it, rather than that it lost the claim."""
    task, key = await claim_queued_deployment(api), {"Idempotency-Key": "finish-1"}

    first = await post_to_claim(
        api, task, "finish", outcome="succeeded", steps=[STEP_BODY], headers=key
    )
    with api.assert_nothing_stored():
        again = await post_to_claim(
            api, task, "finish", outcome="succeeded", steps=[STEP_BODY], headers=key
        )
        other = await post_to_claim(api, task, "finish", outcome="failed", note="No.", headers=key)

    assert ok_json(again) == ok_json(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert_problem(other, 422, "idempotency_mismatch")


async def test_steps_that_are_repeated_with_their_key_are_kept_once(api: Api) -> None:
    """What was told is not told twice."""
    task, key = await claim_queued_deployment(api), {"Idempotency-Key": "steps-1"}

    for _ in range(2):
        ok_json(await post_to_claim(api, task, "steps", steps=[STEP_BODY], headers=key))

    assert ok_json(await api.get("/deployments/1/steps")) == {"items": [TOLD]}


async def test_what_has_not_ended_by_its_deadline_fails(api: Api) -> None:
    """By the system, however well its lease is renewed; the lane is free then."""
    body = {"executor": {"kind": "simulated"}, "deadline_s": 10}
    ok_json(await api.put("/services/shop/targets/test", body))
    task = await claim_queued_deployment(api)
    await api.deployment(Status.QUEUED)
    await advance_time(api, seconds=9)
    ok_json(await post_to_claim(api, task, "renew"))
    still = ok_json(await api.get("/deployments/1"))["status"]

    await advance_time(api, seconds=1)

    ended = ok_json(await api.get("/deployments/1"))
    (*_, last) = await api.events(ended)
    assert (still, ended["status"], last["actor"]) == ("started", "failed", "system")
    assert "Not finished by its deadline. Worker berlin-1 executed it last" in last["note"]
    assert (await claim_task(api))["deployment"]["number"] == "DEP-2"


async def test_a_claim_outlives_the_server_that_gave_it(database: Path, api: Api) -> None:
    """Whoever restarts the server finds workers going on."""
    task = await claim_queued_deployment(api)

    async with running_api(
        database, api.clock, create_app(allowed_hosts=frozenset({HOST}))
    ) as again:
        ok_json(await post_to_claim(again, task, "renew"))
        ended = ok_json(await finish_task(again, task))

    assert ended["status"] == "succeeded"
