"""Long-polling claims, concurrent claims and disconnected callers."""

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
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.failed_attempts import FailedAttemptLimiter
from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
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
    post_to_claim,
)
from tests.support.storage.postgres_cluster import PostgresCluster

SOON_S: Final = 0.9
"""Less than the interval at which a waiting claim looks again without a signal."""


async def test_concurrent_claims_get_different_tasks(api: Api) -> None:
    """With ten concurrent claims on two deployments, each deployment is claimed once."""
    await api.deployment(Status.QUEUED)
    await api.deployment(Status.QUEUED, service="cart")

    responses = await asyncio.gather(*(post_claim(api, worker=f"w{n}") for n in range(10)))

    tasks = [response.json() for response in responses if response.status_code == 200]
    assert sorted(task["deployment"]["number"] for task in tasks) == ["DEP-1", "DEP-2"]
    assert sorted(task["fencing_token"] for task in tasks) == [1, 2]
    assert [response.status_code for response in responses].count(204) == 8


async def start_waiting_claim(api: Api, **body: Any) -> asyncio.Task[httpx2.Response]:
    """Start a claim, and return its task once the claim is waiting."""
    waiting = asyncio.create_task(post_claim(api, **{"wait_s": 30, **body}))
    done, _ = await asyncio.wait({waiting}, timeout=0.1)
    assert not done
    return waiting


async def test_waiting_claim_gets_a_queued_deployment_at_once(api: Api) -> None:
    """The claim returns long before its next regular check for a task."""
    waiting = await start_waiting_claim(api)

    await api.deployment(Status.QUEUED)

    task = ok_json(await asyncio.wait_for(waiting, SOON_S))
    assert task["deployment"]["number"] == "DEP-1"


async def test_one_of_several_waiting_claims_gets_the_deployment(api: Api) -> None:
    """One waiting claim gets the deployment, and the others keep waiting for the next."""
    waiting = {await start_waiting_claim(api, worker=f"w{number}") for number in range(3)}

    for number in (1, 2):
        await api.deployment(Status.QUEUED, service="shop" if number == 1 else "cart")
        done, waiting = await asyncio.wait(
            waiting, timeout=SOON_S, return_when=asyncio.FIRST_COMPLETED
        )
        (claim,) = done
        assert ok_json(claim.result())["deployment"]["number"] == f"DEP-{number}"

    api.app.state.context.change_signal.close()
    (remaining,) = waiting
    assert (await asyncio.wait_for(remaining, SOON_S)).status_code == 204


async def test_waiting_claim_gets_a_released_deployment(api: Api) -> None:
    """A waiting claim gets a deployment when its lane becomes free or another lease expires."""
    task = await claim_queued_deployment(api)
    await api.deployment(Status.QUEUED)
    waiting = await start_waiting_claim(api)

    ok_json(await finish_task(api, task))
    second = ok_json(await asyncio.wait_for(waiting, SOON_S))
    waiting = await start_waiting_claim(api)
    api.clock.advance(timedelta(seconds=LEASE_S))
    third = ok_json(await asyncio.wait_for(waiting, 5))

    assert second["deployment"]["number"] == third["deployment"]["number"] == "DEP-2"
    assert third["deployment"]["execution"]["attempt"] == 2


async def test_waiting_claim_without_a_task_is_204(api: Api) -> None:
    """The claim returns when its waiting time is over, and not before."""
    started_at = asyncio.get_running_loop().time()

    response = await post_claim(api, wait_s=1)

    assert response.status_code == 204
    assert 1 <= asyncio.get_running_loop().time() - started_at < 5


async def test_stopping_server_ends_waiting_claims(api: Api) -> None:
    """While the server stops, waiting claims and new claims return without a task."""
    waiting = await start_waiting_claim(api)

    api.app.state.context.change_signal.close()

    assert (await asyncio.wait_for(waiting, SOON_S)).status_code == 204
    late_response = await asyncio.wait_for(post_claim(api, wait_s=30), SOON_S)
    assert late_response.status_code == 204


async def test_waiting_claim_of_a_disabled_user_ends(api: Api) -> None:
    """The response is 401 if the user is disabled while the claim waits."""
    await create_user(api, "crew", Role.WORKER)
    body = {"worker": "w", "wait_s": 30}
    waiting = asyncio.create_task(api.post(CLAIMS_PATH, body, headers=auth_header("crew")))
    await asyncio.wait({waiting}, timeout=0.1)

    await patch_user(api, "crew", disabled=True)

    assert_problem(await asyncio.wait_for(waiting, SOON_S), 401, "unauthenticated")


class DisconnectingClient:
    """A caller that can disconnect before the application has responded."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.disconnected = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body_received = False

        async def receive_or_disconnect() -> Any:
            nonlocal body_received
            if not body_received:
                message = await receive()
                body_received = not message.get("more_body", False)
                return message
            await self.disconnected.wait()
            return {"type": "http.disconnect"}

        await self._app(scope, receive_or_disconnect, send)


async def test_claim_of_a_disconnected_caller_starts_nothing(api: Api) -> None:
    """A deployment queued after the caller has disconnected is left for other workers."""
    client_app = DisconnectingClient(api.app)
    async with owner_client(client_app) as client:
        body = {"worker": "berlin-1", "wait_s": 30}
        waiting = asyncio.create_task(client.post(f"{PREFIX}{CLAIMS_PATH}", json=body))
        await asyncio.wait({waiting}, timeout=0.1)
        client_app.disconnected.set()
        await asyncio.wait_for(waiting, SOON_S)
        queued = await api.deployment(Status.QUEUED)

    assert ok_json(await api.get("/deployments/1")) == queued
    assert (await claim_task(api))["deployment"]["number"] == "DEP-1"


async def test_caller_that_disconnects_in_the_write_queue_starts_nothing(api: Api) -> None:
    """The transaction checks whether the caller is still connected, and claims nothing if not."""
    queued = await api.deployment(Status.QUEUED)
    client_app, release = DisconnectingClient(api.app), threading.Event()
    ledger = api.app.state.context.ledger
    writing = asyncio.create_task(ledger.perform_long(lambda _: release.wait(9)))
    async with owner_client(client_app) as client:
        body = {"worker": "berlin-1", "wait_s": 30}
        waiting = asyncio.create_task(client.post(f"{PREFIX}{CLAIMS_PATH}", json=body))
        await asyncio.wait({waiting}, timeout=0.2)
        client_app.disconnected.set()
        await asyncio.wait({waiting}, timeout=0.1)
        release.set()
        await asyncio.wait_for(waiting, SOON_S)
    await writing

    assert ok_json(await api.get("/deployments/1")) == queued


@asynccontextmanager
async def running_process(url: str, clock: FrozenClock) -> AsyncIterator[Api]:
    """Run one of several API processes on one PostgreSQL database."""
    ledger = await PostgresLedger.open(parse_url(url))
    app = create_app(allowed_hosts=frozenset({HOST}))
    app.state.context = AppContext(
        ledger=ledger,
        reads=ledger.reads,
        audit_reads=ledger.reads,
        now=clock,
        new_id=an_id,
        failed_attempts=FailedAttemptLimiter(),
        storage_failure=lambda: ledger.failure,
    )
    async with owner_client(app) as client:
        yield Api(app=app, client=client, clock=clock, database=Path(), ledger=ledger)
    await ledger.close()


async def test_two_processes_never_claim_the_same_task(cluster: PostgresCluster) -> None:
    """With twenty concurrent claims on two processes, each deployment is claimed only once."""
    clock, services = FrozenClock(), [f"s{number}" for number in range(8)]
    with cluster.temporary_database() as url:
        async with running_process(url, clock) as first, running_process(url, clock) as second:
            ledger = first.app.state.context.ledger
            await create_catalog(ledger, services=services, policies=POLICIES)
            for name in ("owner", "ada"):
                await store_user(ledger, name)
            for service in services:
                await first.deployment(Status.QUEUED, service=service)

            responses = await asyncio.gather(
                *(post_claim(api, worker=f"w{n}") for n in range(10) for api in (first, second))
            )
            tasks = [response.json() for response in responses if response.status_code == 200]
            waiting = await start_waiting_claim(second)
            await first.deployment(Status.QUEUED, service="s0")
            task = next(task for task in tasks if task["deployment"]["service"] == "s0")
            ok_json(await finish_task(first, task))
            last = ok_json(await asyncio.wait_for(waiting, 5))

    numbers = [task["deployment"]["number"] for task in tasks]
    assert sorted(numbers) == [f"DEP-{number}" for number in range(1, 9)]
    assert sorted(task["fencing_token"] for task in tasks) == list(range(1, 9))
    assert (last["deployment"]["number"], last["fencing_token"]) == ("DEP-9", 9)


async def test_second_worker_with_the_same_name_is_refused(api: Api) -> None:
    """While one waits, the other is told to use another name; afterwards, the name is free."""
    first = await start_waiting_claim(api, worker="berlin-1", wait_s=2)

    refused = await post_claim(api, worker="berlin-1", wait_s=1)
    other = await post_claim(api, worker="berlin-2", wait_s=0)

    assert_problem(refused, 409, "worker_name_taken")
    assert other.status_code == 204
    assert (await first).status_code == 204
    assert (await post_claim(api, worker="berlin-1", wait_s=1)).status_code == 204


async def pass_time(clock: FrozenClock, seconds: int, *processes: Api) -> None:
    """Let so much time pass, second by second, in which waiting claims look again."""
    for _ in range(seconds):
        clock.advance(timedelta(seconds=1))
        for process in processes:
            process.app.state.context.change_signal.notify()
            await asyncio.sleep(0.05)


async def test_second_worker_is_refused_at_another_process(cluster: PostgresCluster) -> None:
    """The one that began to wait later is told; the first one still gets its task."""
    clock = FrozenClock()
    with cluster.temporary_database() as url:
        async with running_process(url, clock) as first, running_process(url, clock) as second:
            await create_catalog(first.ledger, services=["shop"], policies=POLICIES)
            for name in ("owner", "ada"):
                await store_user(first.ledger, name)
            waiting = await start_waiting_claim(first, worker="berlin-1")
            await pass_time(clock, 3, first)
            other = await start_waiting_claim(second, worker="berlin-1")
            await pass_time(clock, 12, first, second)

            assert_problem(await asyncio.wait_for(other, 5), 409, "worker_name_taken")
            assert not waiting.done()
            await first.deployment(Status.QUEUED)
            assert ok_json(await asyncio.wait_for(waiting, 5))["deployment"]["number"] == "DEP-1"


async def test_worker_may_change_between_processes(cluster: PostgresCluster) -> None:
    """A proxy sends each request to any process; renewals of other claims are no second worker."""
    clock = FrozenClock()
    with cluster.temporary_database() as url:
        async with running_process(url, clock) as first, running_process(url, clock) as second:
            await create_catalog(first.ledger, services=["shop"], policies=POLICIES)
            for name in ("owner", "ada"):
                await store_user(first.ledger, name)
            await first.deployment(Status.QUEUED)
            task = ok_json(await post_claim(first, worker="berlin-1", wait_s=30))
            for process, other in [(first, second), (second, first)] * 2:
                waiting = await start_waiting_claim(process, worker="berlin-1")
                for _ in range(4):
                    await pass_time(clock, 4, process)
                    ok_json(await post_to_claim(other, task, "renew"))
                assert not waiting.done()
                workers = ok_json(await process.get("/workers"))["items"]
                assert [worker["state"] for worker in workers] == ["working"]
                waiting.cancel()
                await asyncio.wait([waiting])
