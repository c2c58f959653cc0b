"""Claims that wait, several at once, and callers who have gone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from gatepost_api.app import create_app
from gatepost_api.http.context import AppContext
from gatepost_api.http.rate_limit import FailedAttemptCounter
from gatepost_domain.access.roles import Role
from gatepost_domain.status import Status
from gatepost_persistence.postgres.engine import parse_url
from gatepost_persistence.postgres.ledger import PostgresLedger
from tests.support.builders import FrozenClock, an_id, create_catalog
from tests.support.http.api import (
    HOST,
    POLICIES,
    PREFIX,
    Api,
    assert_problem,
    auth_header,
    ok_json,
    owner_client,
    store_user,
)
from tests.support.http.users import create_user, patch_user
from tests.support.http.worker_claims import (
    CLAIMS_PATH,
    LEASE_S,
    claim_queued_deployment,
    claim_task,
    finish_task,
    post_claim,
)
from tests.support.storage.postgres_cluster import PostgresCluster

SOON_S: Final = 0.9
"""Sooner than whoever waits looks again without being told."""


async def test_two_claims_at_once_are_given_two_things(api: Api) -> None:
    """And ten on one are given it once."""
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.QUEUED, service="cart")

    answers = await asyncio.gather(*(post_claim(api, worker=f"w{n}") for n in range(10)))

    given = [each.json() for each in answers if each.status_code == 200]
    assert sorted(each["deployment"]["number"] for each in given) == ["DEP-1", "DEP-2"]
    assert sorted(each["fencing_token"] for each in given) == [1, 2]
    assert [each.status_code for each in answers].count(204) == 8


async def waits(api: Api, **wanted: Any) -> asyncio.Task[httpx2.Response]:
    """A worker that has been waiting for something for a moment."""
    waiting = asyncio.create_task(post_claim(api, **{"wait_s": 30, **wanted}))
    done, _ = await asyncio.wait({waiting}, timeout=0.1)
    assert not done
    return waiting


async def test_whoever_waits_is_given_what_is_queued_at_once(api: Api) -> None:
    """Long before it would look again."""
    waiting = await waits(api)

    await api.deployment(Status.QUEUED)

    task = ok_json(await asyncio.wait_for(waiting, SOON_S))
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
        assert ok_json(one.result())["deployment"]["number"] == f"DEP-{number}"

    api.app.state.context.change_signal.close()
    (last,) = waiting
    assert (await asyncio.wait_for(last, SOON_S)).status_code == 204


async def test_whoever_waits_is_given_what_was_let_go(api: Api) -> None:
    """Once a lane is free, and once a lease has ended."""
    task = await claim_queued_deployment(api)
    await api.deployment(Status.QUEUED)
    waiting = await waits(api)

    ok_json(await finish_task(api, task))
    second = ok_json(await asyncio.wait_for(waiting, SOON_S))
    waiting = await waits(api)
    api.clock.advance(timedelta(seconds=LEASE_S))
    taken = ok_json(await asyncio.wait_for(waiting, 5))

    assert second["deployment"]["number"] == taken["deployment"]["number"] == "DEP-2"
    assert taken["deployment"]["execution"]["attempt"] == 2


async def test_whoever_waits_in_vain_is_told_so(api: Api) -> None:
    """When their time is up; no sooner."""
    began = asyncio.get_running_loop().time()

    response = await post_claim(api, wait_s=1)

    assert response.status_code == 204
    assert 1 <= asyncio.get_running_loop().time() - began < 5


async def test_a_server_that_stops_keeps_nobody_waiting(api: Api) -> None:
    """Neither those who wait nor those who come."""
    waiting = await waits(api)

    api.app.state.context.change_signal.close()

    assert (await asyncio.wait_for(waiting, SOON_S)).status_code == 204
    late = await asyncio.wait_for(post_claim(api, wait_s=30), SOON_S)
    assert late.status_code == 204


async def test_whoever_may_no_longer_ask_waits_no_longer(api: Api) -> None:
    """A token that is revoked meanwhile opens nothing from then on."""
    await create_user(api, "crew", Role.WORKER)
    body = {"worker": "w", "wait_s": 30}
    waiting = asyncio.create_task(api.post(CLAIMS_PATH, body, headers=auth_header("crew")))
    await asyncio.wait({waiting}, timeout=0.1)

    await patch_user(api, "crew", disabled=True)

    assert_problem(await asyncio.wait_for(waiting, SOON_S), 401, "unauthenticated")


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
    async with owner_client(caller) as client:
        body = {"worker": "berlin-1", "wait_s": 30}
        waiting = asyncio.create_task(client.post(f"{PREFIX}{CLAIMS_PATH}", json=body))
        await asyncio.wait({waiting}, timeout=0.1)
        caller.gone.set()
        await asyncio.wait_for(waiting, SOON_S)
        queued = await api.deployment(Status.QUEUED)

    assert ok_json(await api.get("/deployments/1")) == queued
    assert (await claim_task(api))["deployment"]["number"] == "DEP-1"


async def test_a_caller_who_goes_while_a_claim_waits_its_turn_starts_nothing(api: Api) -> None:
    """Whether there is still somebody to give it to is asked in the transaction itself."""
    queued = await api.deployment(Status.QUEUED)
    caller, others = Caller(api.app), threading.Event()
    ledger = api.app.state.context.ledger
    writing = asyncio.create_task(ledger.perform_long(lambda _: others.wait(9)))
    async with owner_client(caller) as client:
        body = {"worker": "berlin-1", "wait_s": 30}
        waiting = asyncio.create_task(client.post(f"{PREFIX}{CLAIMS_PATH}", json=body))
        await asyncio.wait({waiting}, timeout=0.2)
        caller.gone.set()
        await asyncio.wait({waiting}, timeout=0.1)
        others.set()
        await asyncio.wait_for(waiting, SOON_S)
    await writing

    assert ok_json(await api.get("/deployments/1")) == queued


@asynccontextmanager
async def process_at(url: str, clock: FrozenClock) -> AsyncIterator[Api]:
    """An API process of several on one PostgreSQL database."""
    ledger = await PostgresLedger.open(parse_url(url))
    app = create_app(allowed_hosts=frozenset({HOST}))
    app.state.context = AppContext(
        ledger=ledger,
        reads=ledger.reads,
        now=clock,
        new_id=an_id,
        failed_attempts=FailedAttemptCounter(),
        storage_failure=lambda: ledger.failure,
    )
    async with owner_client(app) as client:
        yield Api(app=app, client=client, clock=clock, database=Path())
    await ledger.close()


async def test_of_two_processes_one_gives_each_thing_away(cluster: PostgresCluster) -> None:
    """Twenty claims at once over both of them: each deployment is claimed by one worker."""
    clock, services = FrozenClock(), [f"s{number}" for number in range(8)]
    with cluster.temporary_database() as url:
        async with process_at(url, clock) as one, process_at(url, clock) as other:
            ledger = one.app.state.context.ledger
            await create_catalog(ledger, services=services, policies=POLICIES)
            for name in ("owner", "ada"):
                await store_user(ledger, name)
            for service in services:
                await one.deployment(Status.QUEUED, service=service)

            answers = await asyncio.gather(
                *(post_claim(each, worker=f"w{n}") for n in range(10) for each in (one, other))
            )
            given = [each.json() for each in answers if each.status_code == 200]
            waiting = await waits(other)
            await one.deployment(Status.QUEUED, service="s0")
            held = next(each for each in given if each["deployment"]["service"] == "s0")
            ok_json(await finish_task(one, held))
            last = ok_json(await asyncio.wait_for(waiting, 5))

    numbers = [each["deployment"]["number"] for each in given]
    assert sorted(numbers) == [f"DEP-{number}" for number in range(1, 9)]
    assert sorted(each["fencing_token"] for each in given) == list(range(1, 9))
    assert (last["deployment"]["number"], last["fencing_token"]) == ("DEP-9", 9)
