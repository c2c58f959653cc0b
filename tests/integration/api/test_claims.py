"""Workers over HTTP: they claim, renew, report and finish, and lose what they leave."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from gatepost_api.app import create_app
from gatepost_api.parts import Parts
from gatepost_api.throttle import FailedAttempts
from gatepost_domain.rights import Role
from gatepost_domain.status import Action, Status
from gatepost_persistence.postgres_engine import address
from gatepost_persistence.postgres_ledger import PostgresLedger
from tests.support.api import (
    HOST,
    POLICIES,
    PREFIX,
    Api,
    Json,
    client_of,
    found,
    hire,
    problem,
    serving,
    token_of,
)
from tests.support.builders import FrozenClock, an_id, with_catalog
from tests.support.people import change, employ
from tests.support.postgres import Cluster
from tests.support.ticking import time_passes

CLAIMS: Final = "/worker/claims"
SOON_S: Final = 0.9
"""Sooner than whoever waits looks again without being told."""
LEASE_S: Final = 15
STEP: Final[Json] = {
    "kind": "executor",
    "name": "simulated",
    "state": "passed",
    "at": "2026-11-21T12:00:01Z",
}
TOLD: Final[Json] = STEP | {"attempt": 1, "tried": 1, "detail": "", "took_ms": None}
"""The same as it is read."""


async def claim(api: Api, worker: str = "berlin-1", by: str = "owner", **wanted: Any) -> Json:
    """What a worker is given, as there is something."""
    body = {"worker": worker, **wanted}
    return found(await api.post(CLAIMS, body, headers=token_of(by)))


async def ask_to_claim(api: Api, **wanted: Any) -> httpx2.Response:
    return await api.post(CLAIMS, {"worker": "berlin-1", **wanted})


async def under(
    api: Api, task: Json, word: str, *, headers: Json | None = None, **told: Any
) -> httpx2.Response:
    """Do something under a claim, with its token unless told another."""
    body = {"fencing_token": task["fencing_token"], **told}
    return await api.post(f"{CLAIMS}/{task['id']}/{word}", body, headers=headers or {})


async def finish(api: Api, task: Json, outcome: str = "succeeded", **told: Any) -> httpx2.Response:
    return await under(api, task, "finish", outcome=outcome, **told)


async def one_claimed(api: Api, **wanted: Any) -> Json:
    await api.deployment(Status.QUEUED)
    return await claim(api, **wanted)


DEEDS: Final[dict[str, Json]] = {
    "renew": {},
    "steps": {"steps": [STEP]},
    "finish": {"outcome": "succeeded", "steps": [STEP]},
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
    with api.nothing_stored():
        problem(await api.post(CLAIMS, body), 422, "invalid", pointer)


@pytest.mark.parametrize(
    ("word", "told", "pointer"),
    [
        ("renew", {"fencing_token": None}, "#/fencing_token"),
        ("renew", {"fencing_token": 0}, "#/fencing_token"),
        ("renew", {"fencing_token": 2**63}, "#/fencing_token"),
        ("renew", {"fencing_token": "1"}, "#/fencing_token"),
        ("renew", {"lease_s": 9}, "#/lease_s"),
        ("steps", {}, "#/steps"),
        ("steps", {"steps": [STEP] * 201}, "#/steps"),
        ("steps", {"steps": [STEP | {"kind": "prayer"}]}, "#/steps/0/kind"),
        ("steps", {"steps": [STEP | {"state": "maybe"}]}, "#/steps/0/state"),
        ("steps", {"steps": [STEP | {"name": ""}]}, "#/steps/0/name"),
        ("steps", {"steps": [STEP | {"attempt": 1}]}, "#/steps/0/attempt"),
        ("steps", {"steps": [STEP | {"tried": 0}]}, "#/steps/0/tried"),
        ("steps", {"steps": [STEP | {"took_ms": -1}]}, "#/steps/0/took_ms"),
        ("steps", {"steps": [STEP | {"detail": "\x00"}]}, "#/steps/0/detail"),
        ("steps", {"steps": [STEP | {"detail": "x" * 10_001}]}, "#/steps/0/detail"),
        ("steps", {"steps": [STEP, STEP | {"at": "2026-11-21"}]}, "#/steps/1/at"),
        ("steps", {"steps": [STEP | {"at": "2026-11-21T12:00:01"}]}, "#/steps/0/at"),
        ("steps", {"steps": [STEP | {"at": "0001-01-01T00:00:00+14:00"}]}, "#/steps/0/at"),
        ("finish", {}, "#/outcome"),
        ("finish", {"outcome": "rolled_back"}, "#/outcome"),
        ("finish", {"outcome": "succeeded", "checks": []}, "#/checks"),
        ("finish", {"outcome": "succeeded", "steps": [STEP] * 201}, "#/steps"),
        ("finish", {"outcome": "succeeded", "note": "\x00"}, "#/note"),
        ("finish", {"outcome": "failed", "steps": [STEP | {"at": "never"}]}, "#/steps/0/at"),
    ],
)
async def test_what_makes_no_sense_under_a_claim_is_refused(
    api: Api, word: str, told: Json, pointer: str
) -> None:
    """The answer points at what is wrong; nothing of the rest is kept."""
    task = await one_claimed(api)

    with api.nothing_stored():
        response = await under(api, task, word, **told)

    assert response.json()["code"] in {"invalid", "bad_time"}, response.text
    problem(response, 422, response.json()["code"], pointer)


@pytest.mark.parametrize("note", [None, "", " \n "])
async def test_what_failed_says_why(api: Api, note: str | None) -> None:
    """The answer asks for the note; the deployment goes on."""
    task = await one_claimed(api)

    with api.nothing_stored():
        response = await finish(api, task, "failed", note=note, steps=[STEP])

    problem(response, 422, "note_required", "#/note")
    assert (await finish(api, task)).status_code == 200


@pytest.mark.parametrize("word", DEEDS)
@pytest.mark.parametrize("claim", [str(an_id()), "latest", "%20", "x" * 300])
async def test_a_claim_that_was_never_made_is_not_found(api: Api, word: str, claim: str) -> None:
    """Whatever stands in its place."""
    with api.nothing_stored():
        response = await api.post(f"{CLAIMS}/{claim}/{word}", {"fencing_token": 1, **DEEDS[word]})

    problem(response, 404, "unknown_claim")


async def lost_to_another(api: Api, task: Json) -> str:
    await time_passes(api, seconds=LEASE_S)
    other = await claim(api, "paris-1")
    assert other["deployment"]["execution"]["attempt"] == 2
    assert other["fencing_token"] > task["fencing_token"]
    return "worker:paris-1 has it by now"


async def ended_by_hand(api: Api, task: Json) -> str:
    found(await api.act(task["deployment"], Action.FAIL))
    return "it is failed"


async def past_its_deadline(api: Api, _: Json) -> str:
    await time_passes(api, hours=1)
    return "it is failed"


async def finished(api: Api, task: Json) -> str:
    found(await finish(api, task))
    return "it is succeeded"


@pytest.mark.parametrize("word", DEEDS)
@pytest.mark.parametrize("lose", [lost_to_another, ended_by_hand, past_its_deadline, finished])
async def test_a_claim_that_is_lost_changes_nothing(
    api: Api, word: str, lose: Callable[[Api, Json], Awaitable[str]]
) -> None:
    """Another worker has it, somebody ended it, or time did: 409, and all stays as it is."""
    task = await one_claimed(api)
    why = await lose(api, task)
    before = found(await api.get("/deployments/1"))

    with api.nothing_stored():
        response = await under(api, task, word, **DEEDS[word])

    body = problem(response, 409, "claim_lost")
    assert body["detail"] == f"This claim on DEP-1 is no longer yours: {why}."
    assert (body["deployment_status"], body["allowed_actions"]) == (before["status"], [])
    assert found(await api.get("/deployments/1")) == before


@pytest.mark.parametrize("word", DEEDS)
async def test_a_token_that_is_not_the_claims_changes_nothing(api: Api, word: str) -> None:
    """Not even one that is greater."""
    task = await one_claimed(api)

    with api.nothing_stored():
        told = DEEDS[word] | {"fencing_token": task["fencing_token"] + 1}
        problem(await under(api, task, word, **told), 409, "claim_lost")


async def test_where_there_is_nothing_to_do_there_is_nothing_to_say(api: Api) -> None:
    """204, without a body; nothing was stored."""
    await api.deployment(Status.APPROVED)

    with api.nothing_stored():
        response = await ask_to_claim(api)

    assert (response.status_code, response.content) == (204, b"")


async def test_a_task_has_all_that_it_takes(api: Api) -> None:
    """The deployment, the target as it was set up, and how long there is."""
    target = {
        "executor": {"kind": "webhook", "url": "https://ci.example/hooks"},
        "base_url": "https://shop.example",
        "checks": [{"name": "health", "path": "/health"}],
        "deadline_s": 90,
    }
    put = found(await api.put("/services/shop/targets/test", target))
    queued = await api.deployment(Status.QUEUED)
    api.clock.advance(timedelta(seconds=5))

    task = await claim(api, lease_s=20)

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
    assert found(await api.get("/deployments/1")) == deployment


async def test_a_worker_of_one_service_is_given_that_services(api: Api) -> None:
    """What it may not carry out stays for others, and it sees nothing of it."""
    await employ(api, "crew")
    await change(api, "crew", grants=[{"role": "worker", "service": "cart"}])
    await api.deployment(Status.QUEUED)
    nothing = await api.post(CLAIMS, {"worker": "w"}, headers=token_of("crew"))
    await api.deployment(Status.QUEUED, service="cart")

    task = await claim(api, by="crew")

    assert nothing.status_code == 204
    assert task["deployment"]["service"] == "cart"
    assert (await claim(api))["deployment"]["service"] == "shop"


async def test_a_renewed_claim_stays_its_workers(api: Api) -> None:
    """For another lease from then on; how much time is left is told each time."""
    task = await one_claimed(api)
    api.clock.advance(timedelta(seconds=LEASE_S - 1))

    renewed = found(await under(api, task, "renew"))

    assert renewed["leased_until"] == "2026-11-21T12:00:29Z"
    assert (renewed["id"], renewed["time_left_s"]) == (task["id"], 3600 - 14)
    assert renewed.keys() < task.keys()
    api.clock.advance(timedelta(seconds=LEASE_S - 1))
    assert (await ask_to_claim(api)).status_code == 204
    api.clock.advance(timedelta(seconds=1))
    assert (await claim(api, "paris-1"))["deployment"]["number"] == "DEP-1"


async def test_another_worker_takes_over_what_was_left(api: Api) -> None:
    """The same build in another attempt; whoever takes over is told how far it came."""
    lost = await one_claimed(api)
    found(await under(api, lost, "steps", steps=[STEP]))
    await time_passes(api, seconds=LEASE_S)

    taken = await claim(api, "paris-1")

    assert taken["deployment"]["build_id"] == lost["deployment"]["build_id"]
    assert taken["deployment"]["execution"]["worker"] == "worker:paris-1"
    assert (taken["deadline_at"], taken["rolled_out"]) == (lost["deadline_at"], True)
    found(await finish(api, taken, steps=[STEP | {"kind": "check", "name": "health"}]))
    kinds = [event["kind"] for event in await api.events(taken["deployment"])]
    assert kinds[-4:] == ["queued", "started", "taken_over", "succeeded"]
    steps = found(await api.get("/deployments/DEP-1/steps"))["items"]
    assert [each["attempt"] for each in steps] == [1, 2]


async def test_what_was_told_is_read_as_it_came(api: Api) -> None:
    """Steps are all of it; checks are readiness and checks; an event vouches for them."""
    task = await one_claimed(api)
    ready = STEP | {"kind": "ready", "name": "ready", "state": "failed", "detail": "503\n\tno"}
    check = STEP | {"kind": "check", "name": "health", "tried": 2, "took_ms": 12}
    running = STEP | {"state": "running", "at": "2026-11-21T13:00:01.000001+01:00"}

    held = found(await under(api, task, "steps", steps=[running, STEP, ready]))
    ended = found(await finish(api, task, steps=[check]))

    steps = found(await api.get("/deployments/DEP-1/steps"))["items"]
    assert steps == [
        TOLD | {"state": "running", "at": "2026-11-21T12:00:01.000001Z"},
        TOLD,
        TOLD | ready,
        TOLD | check,
    ]
    checks = found(await api.get(f"/deployments/{ended['id']}/checks"))["items"]
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
    await api.ask()

    assert found(await api.get(f"/deployments/DEP-1/{what}")) == {"items": []}
    problem(await api.get(f"/deployments/DEP-9/{what}"), 404, "unknown_deployment")


async def test_what_a_worker_ended_stands_or_failed(api: Api) -> None:
    """With what follows: the next of the lane can be claimed."""
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.QUEUED)
    first = await claim(api)
    busy = await ask_to_claim(api)
    failed = await finish(api, first, "failed", note="health: 503\nafter 3 attempts")
    second = await claim(api)
    stands = await finish(api, second)

    assert busy.status_code == 204
    assert found(failed)["status"] == "failed"
    assert found(failed)["execution"]["state"] == "FAILED"
    assert failed.headers["ETag"] == f'"{failed.json()["revision"]}"'
    assert (found(stands)["number"], found(stands)["status"]) == ("DEP-2", "succeeded")
    cell = found(await api.get("/deployments/current", params={"environment": "test"}))["cells"]
    assert [(each["number"], each["deployed_by"]) for each in cell] == [
        ("DEP-2", "worker:berlin-1")
    ]


async def test_a_finish_that_is_repeated_with_its_key_is_answered_again(api: Api) -> None:
    """A worker that lost the answer hears it, rather than that it lost the claim."""
    task, key = await one_claimed(api), {"Idempotency-Key": "finish-1"}

    first = await under(api, task, "finish", outcome="succeeded", steps=[STEP], headers=key)
    with api.nothing_stored():
        again = await under(api, task, "finish", outcome="succeeded", steps=[STEP], headers=key)
        other = await under(api, task, "finish", outcome="failed", note="No.", headers=key)

    assert found(again) == found(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    problem(other, 422, "idempotency_mismatch")


async def test_steps_that_are_repeated_with_their_key_are_kept_once(api: Api) -> None:
    """What was told is not told twice."""
    task, key = await one_claimed(api), {"Idempotency-Key": "steps-1"}

    for _ in range(2):
        found(await under(api, task, "steps", steps=[STEP], headers=key))

    assert found(await api.get("/deployments/1/steps")) == {"items": [TOLD]}


async def test_what_has_not_ended_by_its_deadline_fails(api: Api) -> None:
    """By the system, however well its lease is renewed; the lane is free then."""
    body = {"executor": {"kind": "simulated"}, "deadline_s": 10}
    found(await api.put("/services/shop/targets/test", body))
    task = await one_claimed(api)
    await api.deployment(Status.QUEUED)
    await time_passes(api, seconds=9)
    found(await under(api, task, "renew"))
    still = found(await api.get("/deployments/1"))["status"]

    await time_passes(api, seconds=1)

    ended = found(await api.get("/deployments/1"))
    (*_, last) = await api.events(ended)
    assert (still, ended["status"], last["actor"]) == ("started", "failed", "system")
    assert "It had not ended by its deadline; worker berlin-1 had it last" in last["note"]
    assert (await claim(api))["deployment"]["number"] == "DEP-2"


async def test_two_claims_at_once_are_given_two_things(api: Api) -> None:
    """And ten on one are given it once."""
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.QUEUED, service="cart")

    answers = await asyncio.gather(*(ask_to_claim(api, worker=f"w{n}") for n in range(10)))

    given = [each.json() for each in answers if each.status_code == 200]
    assert sorted(each["deployment"]["number"] for each in given) == ["DEP-1", "DEP-2"]
    assert sorted(each["fencing_token"] for each in given) == [1, 2]
    assert [each.status_code for each in answers].count(204) == 8


async def waits(api: Api, **wanted: Any) -> asyncio.Task[httpx2.Response]:
    """A worker that has been waiting for something for a moment."""
    waiting = asyncio.create_task(ask_to_claim(api, **{"wait_s": 30, **wanted}))
    done, _ = await asyncio.wait({waiting}, timeout=0.1)
    assert not done
    return waiting


async def test_whoever_waits_is_given_what_is_queued_at_once(api: Api) -> None:
    """Long before it would look again."""
    waiting = await waits(api)

    await api.deployment(Status.QUEUED)

    task = found(await asyncio.wait_for(waiting, SOON_S))
    assert task["deployment"]["number"] == "DEP-1"


async def test_of_several_who_wait_one_is_given_what_is_queued(api: Api) -> None:
    """The others go on waiting, for the next."""
    waiting = {await waits(api, worker=f"w{number}") for number in range(3)}

    for number in (1, 2):
        await api.deployment(Status.QUEUED, service="shop" if number == 1 else "cart")
        given, waiting = await asyncio.wait(
            waiting, timeout=SOON_S, return_when=asyncio.FIRST_COMPLETED
        )
        (one,) = given
        assert found(one.result())["deployment"]["number"] == f"DEP-{number}"

    api.app.state.parts.changes.close()
    (last,) = waiting
    assert (await asyncio.wait_for(last, SOON_S)).status_code == 204


async def test_whoever_waits_is_given_what_was_let_go(api: Api) -> None:
    """Once a lane is free, and once a lease has ended."""
    task = await one_claimed(api)
    await api.deployment(Status.QUEUED)
    waiting = await waits(api)

    found(await finish(api, task))
    second = found(await asyncio.wait_for(waiting, SOON_S))
    waiting = await waits(api)
    api.clock.advance(timedelta(seconds=LEASE_S))
    taken = found(await asyncio.wait_for(waiting, 5))

    assert second["deployment"]["number"] == taken["deployment"]["number"] == "DEP-2"
    assert taken["deployment"]["execution"]["attempt"] == 2


async def test_whoever_waits_in_vain_is_told_so(api: Api) -> None:
    """When their time is up; no sooner."""
    began = asyncio.get_running_loop().time()

    response = await ask_to_claim(api, wait_s=1)

    assert response.status_code == 204
    assert 1 <= asyncio.get_running_loop().time() - began < 5


async def test_a_server_that_stops_keeps_nobody_waiting(api: Api) -> None:
    """Neither those who wait nor those who come."""
    waiting = await waits(api)

    api.app.state.parts.changes.close()

    assert (await asyncio.wait_for(waiting, SOON_S)).status_code == 204
    late = await asyncio.wait_for(ask_to_claim(api, wait_s=30), SOON_S)
    assert late.status_code == 204


async def test_whoever_may_no_longer_ask_waits_no_longer(api: Api) -> None:
    """A token that is revoked meanwhile opens nothing from then on."""
    await employ(api, "crew", Role.WORKER)
    body = {"worker": "w", "wait_s": 30}
    waiting = asyncio.create_task(api.post(CLAIMS, body, headers=token_of("crew")))
    await asyncio.wait({waiting}, timeout=0.1)

    await change(api, "crew", disabled=True)

    problem(await asyncio.wait_for(waiting, SOON_S), 401, "unauthenticated")


class Caller:
    """A caller who can go away while the application answers, as a connection that breaks."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.gone = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        taken_in = False

        async def until_gone() -> Any:
            nonlocal taken_in
            if not taken_in:
                message = await receive()
                taken_in = not message.get("more_body", False)
                return message
            await self.gone.wait()
            return {"type": "http.disconnect"}

        await self._app(scope, until_gone, send)


async def test_a_claim_whose_caller_has_gone_starts_nothing(api: Api) -> None:
    """What is queued afterwards is for others."""
    caller = Caller(api.app)
    async with client_of(caller) as client:
        body = {"worker": "berlin-1", "wait_s": 30}
        waiting = asyncio.create_task(client.post(f"{PREFIX}{CLAIMS}", json=body))
        await asyncio.wait({waiting}, timeout=0.1)
        caller.gone.set()
        await asyncio.wait_for(waiting, SOON_S)
        queued = await api.deployment(Status.QUEUED)

    assert found(await api.get("/deployments/1")) == queued
    assert (await claim(api))["deployment"]["number"] == "DEP-1"


async def test_a_caller_who_goes_while_a_claim_waits_its_turn_starts_nothing(api: Api) -> None:
    """Whether there is still somebody to give it to is asked in the transaction itself."""
    queued = await api.deployment(Status.QUEUED)
    caller, others = Caller(api.app), threading.Event()
    ledger = api.app.state.parts.ledger
    writing = asyncio.create_task(ledger.perform_at_length(lambda _: others.wait(9)))
    async with client_of(caller) as client:
        body = {"worker": "berlin-1", "wait_s": 30}
        waiting = asyncio.create_task(client.post(f"{PREFIX}{CLAIMS}", json=body))
        await asyncio.wait({waiting}, timeout=0.2)
        caller.gone.set()
        await asyncio.wait({waiting}, timeout=0.1)
        others.set()
        await asyncio.wait_for(waiting, SOON_S)
    await writing

    assert found(await api.get("/deployments/1")) == queued


async def test_a_claim_outlives_the_server_that_gave_it(database: Path, api: Api) -> None:
    """Whoever restarts the server finds workers going on."""
    task = await one_claimed(api)

    async with serving(database, api.clock, create_app(allowed_hosts=frozenset({HOST}))) as again:
        found(await under(again, task, "renew"))
        ended = found(await finish(again, task))

    assert ended["status"] == "succeeded"


@asynccontextmanager
async def process_at(url: str, clock: FrozenClock) -> AsyncIterator[Api]:
    """An API process of several on one PostgreSQL database."""
    ledger = await PostgresLedger.open(address(url))
    app = create_app(allowed_hosts=frozenset({HOST}))
    app.state.parts = Parts(
        ledger=ledger,
        reads=ledger.reads,
        now=clock,
        new_id=an_id,
        failed_attempts=FailedAttempts(),
        storage_failure=lambda: ledger.failure,
    )
    async with client_of(app) as client:
        yield Api(app=app, client=client, clock=clock, database=Path())
    await ledger.close()


async def test_of_two_processes_one_gives_each_thing_away(cluster: Cluster) -> None:
    """Twenty claims at once over both of them: each deployment is claimed by one worker."""
    clock, services = FrozenClock(), [f"s{number}" for number in range(8)]
    with cluster.a_database() as url:
        async with process_at(url, clock) as one, process_at(url, clock) as other:
            ledger = one.app.state.parts.ledger
            await with_catalog(ledger, services=services, policies=POLICIES)
            for name in ("owner", "ada"):
                await hire(ledger, name)
            for service in services:
                await one.deployment(Status.QUEUED, service=service)

            answers = await asyncio.gather(
                *(ask_to_claim(each, worker=f"w{n}") for n in range(10) for each in (one, other))
            )
            given = [each.json() for each in answers if each.status_code == 200]
            waiting = await waits(other)
            await one.deployment(Status.QUEUED, service="s0")
            held = next(each for each in given if each["deployment"]["service"] == "s0")
            found(await finish(one, held))
            last = found(await asyncio.wait_for(waiting, 5))

    numbers = [each["deployment"]["number"] for each in given]
    assert sorted(numbers) == [f"DEP-{number}" for number in range(1, 9)]
    assert sorted(each["fencing_token"] for each in given) == list(range(1, 9))
    assert (last["deployment"]["number"], last["fencing_token"]) == ("DEP-9", 9)
