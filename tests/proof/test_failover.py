"""Nothing acknowledged is lost when the PostgreSQL primary dies and its standby takes over."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path

import pytest

from gatepost_client import AsyncGatepost, Gatepost, GatepostError, GatepostProblem, every
from gatepost_client.models import Role
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.processes.reverse_proxies import free_port
from tests.support.processes.server import ServerProcess
from tests.support.storage.replicated_postgres import ReplicatedPostgres, replicated_postgres

WRITERS = 16
WRITES = 200
"""How many writes are acknowledged before the primary is killed, and at least after that."""
PATIENCE_S = 60.0
RESTART_DELAY_S = 0.2
EXIT_OUTCOME_UNKNOWN = 74
MAX_REFUSALS_S = 30.0
CANCEL_WAITS = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@dataclass
class Acknowledged:
    """The keys of the requests that were answered with 201, and the times of the answers."""

    at_s: dict[str, float] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def longest_gap_s(self) -> float:
        """Return the longest time in which nobody was answered."""
        times = sorted(self.at_s.values())
        return max(later - earlier for earlier, later in pairwise(times))


@pytest.fixture
def postgres() -> Iterator[ReplicatedPostgres]:
    with replicated_postgres() as servers:
        yield servers


def server_on(postgres: ReplicatedPostgres, data: Path) -> ServerProcess:
    """Return a server on a fixed port, so that it is found again after a restart."""
    options = (f"--port={free_port()}", f"--signing-key={data.parent / 'signing.key'}")
    return ServerProcess(data, database_url=postgres.url, options=options)


async def keep_running(server: ServerProcess, exit_codes: list[int], stop: asyncio.Event) -> None:
    """Restart a server that exits, as a service manager does."""
    while not stop.is_set():
        if server.has_exited():
            exit_codes.append(server.exit_code())
            while not stop.is_set():
                try:
                    await asyncio.to_thread(server.start)
                except AssertionError:  # the database has no primary yet
                    exit_codes.append(server.exit_code())
                    await asyncio.sleep(RESTART_DELAY_S)
                else:
                    break
        await asyncio.sleep(0.05)


async def write(
    urls: list[str], token: str, name: str, acknowledged: Acknowledged, stop: asyncio.Event
) -> None:
    """Create deployments, each with one key until it is acknowledged by either server."""
    async with (
        AsyncGatepost(urls[0], token=token, retries=None) as a,
        AsyncGatepost(urls[1], token=token, retries=None) as b,
    ):
        turn = 0
        while not stop.is_set():
            key = f"{name}-{turn}"
            request = shop_request("staging")
            request.notes = key
            client = (a, b)[sum(acknowledged.refused.values()) % 2]
            try:
                await client.create_deployment(request, idempotency_key=key)
            except GatepostProblem as problem:
                if problem.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                acknowledged.refused[problem.code] += 1
                await asyncio.sleep(0.1)
            except GatepostError:
                acknowledged.refused["no response"] += 1
                await asyncio.sleep(0.1)
            else:
                acknowledged.at_s[key] = time.monotonic()
                turn += 1


async def number_reached(acknowledged: Acknowledged, number: int) -> None:
    """Wait until so many writes are acknowledged."""
    async with asyncio.timeout(PATIENCE_S):
        while len(acknowledged.at_s) < number:  # noqa: ASYNC110  # the writers signal nothing
            await asyncio.sleep(0.05)


async def test_failover_loses_no_acknowledged_write(
    postgres: ReplicatedPostgres,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Sixteen writers go on at two servers after the primary was killed; nothing is lost."""
    acknowledged, stop, exit_codes = Acknowledged(), asyncio.Event(), list[int]()
    with ExitStack() as running:
        servers = [
            running.enter_context(server_on(postgres, tmp_path / name)) for name in ("a", "b")
        ]
        with Gatepost(servers[0].url, token=servers[0].token, retries=None) as owner:
            register_shop(owner, "1.4.2")
            change_policy(owner, "staging", max_open_per_requester=None, max_open_per_lane=None)
            token = create_user(owner, "ada", Role.REQUESTER)
        urls = [server.url for server in servers]
        async with asyncio.TaskGroup() as tasks:
            for server in servers:
                tasks.create_task(keep_running(server, exit_codes, stop))
            for number in range(WRITERS):
                tasks.create_task(write(urls, token, f"{number}", acknowledged, stop))
            await number_reached(acknowledged, WRITES)
            before = len(acknowledged.at_s)
            await asyncio.to_thread(postgres.kill_primary)
            killed_at_s = time.monotonic()
            await asyncio.to_thread(postgres.promote_standby)
            promoted_after_s = time.monotonic() - killed_at_s
            await number_reached(acknowledged, before + WRITES)
            stop.set()
        with Gatepost(servers[0].url, token=servers[0].token, retries=None) as owner:
            deployments = list(every(owner.list_deployments, limit=200))
            events = list(every(owner.list_events, limit=200))
        verified = servers[0].verify()

    counts = Counter(deployment.notes for deployment in deployments)
    gap_s = acknowledged.longest_gap_s()
    figures = (
        f"{len(acknowledged.at_s)} acknowledged, {before} before; refusals "
        f"{dict(acknowledged.refused)}; no answer for {gap_s:.1f} s, promoted after "
        f"{promoted_after_s:.1f} s; exit codes {exit_codes}"
    )
    record_property("failover", figures)
    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201  # the figure that the test is asked for
    assert len(acknowledged.at_s) >= before + WRITES
    assert {key: counts[key] for key in acknowledged.at_s} == dict.fromkeys(acknowledged.at_s, 1)
    assert max(counts.values()) == 1
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert set(exit_codes) <= {EXIT_OUTCOME_UNKNOWN, 2}
    assert gap_s < MAX_REFUSALS_S


def test_without_a_synchronous_standby_a_write_is_lost(
    postgres: ReplicatedPostgres, tmp_path: Path
) -> None:
    """The control: the proof would notice a standby that lacks an acknowledged write."""
    with server_on(postgres, tmp_path / "a") as server:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            register_shop(owner, "1.4.2")
            postgres.detach_standby()
            acknowledged = owner.create_deployment(shop_request("staging"))
        postgres.kill_primary()
        postgres.promote_standby()
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            remaining = list(every(owner.list_deployments))

    assert acknowledged.number not in [deployment.number for deployment in remaining]


def test_commit_that_the_standby_may_lack_is_not_acknowledged(
    postgres: ReplicatedPostgres, tmp_path: Path
) -> None:
    """PostgreSQL confirms a commit whose wait was cancelled, with a warning: Gatepost does not."""
    with server_on(postgres, tmp_path / "a") as server:
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            register_shop(owner, "1.4.2")
        postgres.standby.stop()
        with ThreadPoolExecutor(1) as executor:
            created = executor.submit(create_deployment, server)
            while not postgres.primary.execute(CANCEL_WAITS):
                time.sleep(0.05)
            with pytest.raises(GatepostError) as refused:
                created.result()
        while not server.has_exited():
            time.sleep(0.05)
        exit_code = server.exit_code()

    assert not isinstance(refused.value, GatepostProblem) or refused.value.status == 503
    assert exit_code == EXIT_OUTCOME_UNKNOWN


def create_deployment(server: ServerProcess) -> object:
    """Create a deployment without trying again."""
    with Gatepost(server.url, token=server.token, retries=None) as owner:
        return owner.create_deployment(shop_request("staging"))
