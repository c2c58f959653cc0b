"""`serve` and the worker beside it: they start, end and recover together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gatepost_client import Gatepost
from gatepost_client.models import DeploymentStatus, EventKind
from tests.support.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.sample_service import a_sample_service
from tests.support.server import ServerProcess
from tests.support.workers import WorkerProcess

STARTED, SUCCEEDED = DeploymentStatus.STARTED, DeploymentStatus.SUCCEEDED
DRAINED_S = 10


def workers_of(server: ServerProcess) -> list[int]:
    """The processes of the workers that it has started, oldest first."""
    return [int(pid) for pid in re.findall(r"beside this server, as process (\d+)", server.log())]


def is_running(pid: int) -> bool:
    """Whether the process does anything yet, dead ones that nobody has looked at aside."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", f"{pid}"], capture_output=True, text=True, check=False
    )
    return not state.stdout.startswith("Z") and bool(state.stdout)


def until(true: Callable[[], bool], within_s: float = 15) -> None:
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def test_a_first_request_to_test_simply_succeeds(tmp_path: Path) -> None:
    """On a new server, without a target, a worker's token or any setting: by two words."""
    with ServerProcess(tmp_path / "data", worker=True) as server:
        with Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
        words = ["request", "shop", "1.4.2", "--to=test", "--work=SHOP-812", "--wait"]
        words += ["--rollback-plan=Redeploy 1.4.1.", "--timeout=30"]
        env = {**os.environ, "GATEPOST_URL": server.url, "GATEPOST_DATA": str(server.data)}
        asked = subprocess.run(
            [sys.executable, "-m", "gatepost_cli", *words],
            capture_output=True,
            text=True,
            check=False,
            env=env,
        )
        token = server.worker_token
        assert server.stop() == 0

    assert asked.returncode == 0, asked.stderr
    assert asked.stdout == "DEP-1\n"
    assert "DEP-1 is succeeded: Simulated for 1 s." in asked.stderr
    assert token not in server.log()
    assert not is_running(workers_of(server)[0])


def test_told_to_end_it_ends_what_is_under_way(tmp_path: Path) -> None:
    """The worker tells how it went while the server is there to hear it; both end well."""
    with a_sample_service() as sample:
        sample.takes_s = lambda: 1.0
        server = ServerProcess(tmp_path / "data", worker=True)
        with server, Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
            allow_loopback_checks(owner)
            slow = [a_check("slow", "/health")]
            use_simulated_executor(owner, "shop", base_url=sample.url, checks=slow)
            number = owner.create_deployment(deployment_create("shop")).number
            until(lambda: bool(sample.asked))

            begun = time.monotonic()
            code = server.stop()
            took_s = time.monotonic() - begun

    with ServerProcess(server.data) as again, Gatepost(again.url, token=again.token) as owner:
        assert owner.get_deployment(number).status is SUCCEEDED
    assert code == 0
    assert took_s < DRAINED_S


def test_what_does_not_end_in_time_is_left_to_another_worker(tmp_path: Path) -> None:
    """Told to end, a worker is gone within ten seconds; its rollout goes on elsewhere, once."""
    with ServerProcess(tmp_path / "data") as server:
        first = WorkerProcess(server, "berlin-1", "--lease-s=2")
        second = WorkerProcess(server, "berlin-2")
        with first, Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
            use_simulated_executor(owner, "shop", duration_s=60)
            number = owner.create_deployment(deployment_create("shop")).number
            wait_for(owner, number, STARTED)
            begun = time.monotonic()
            code = first.stop()
            took_s = time.monotonic() - begun
            use_simulated_executor(owner, "shop")
            with second:
                ended = wait_for(owner, number)
                drained = second.stop()
            kinds = [event.kind for event in owner.list_deployment_events(number).items]

    assert (code, drained) == (0, 0)
    assert took_s < DRAINED_S
    assert "1 left for another worker" in first.log()
    assert ended.status is SUCCEEDED
    assert ended.execution is not None
    assert (ended.execution.attempt, ended.execution.worker) == (2, "worker:berlin-2")
    assert kinds[-3:] == [EventKind.STARTED, EventKind.TAKEN_OVER, EventKind.SUCCEEDED]


def test_a_worker_that_dies_is_followed_by_another(tmp_path: Path) -> None:
    """Whatever it died of: what is asked for next is carried out."""
    with (
        ServerProcess(tmp_path / "data", worker=True) as server,
        Gatepost(server.url, token=server.token) as owner,
    ):
        register_service(owner, "shop", "1.4.2")
        until(lambda: len(workers_of(server)) == 1)
        os.kill(workers_of(server)[0], signal.SIGKILL)

        number = owner.create_deployment(deployment_create("shop")).number

        assert wait_for(owner, number).status is SUCCEEDED
        assert len(workers_of(server)) == 2
        assert "The worker ended with code -9; another in 1 s." in server.log()
        assert server.stop() == 0


def test_a_killed_server_leaves_no_worker_behind(tmp_path: Path) -> None:
    """Else the next one would have two."""
    with ServerProcess(tmp_path / "data", worker=True) as server:
        until(lambda: len(workers_of(server)) == 1)
        server.kill()

        until(lambda: not is_running(workers_of(server)[0]))


def test_without_a_worker_what_is_queued_waits(tmp_path: Path) -> None:
    """`--no-worker` is for those who run workers elsewhere; one of those finds it."""
    with (
        ServerProcess(tmp_path / "data") as server,
        Gatepost(server.url, token=server.token) as owner,
    ):
        register_service(owner, "shop", "1.4.2")
        asked = owner.create_deployment(deployment_create("shop"))
        assert asked.status is DeploymentStatus.QUEUED
        assert workers_of(server) == []

        with WorkerProcess(server, "elsewhere"):
            ended = wait_for(owner, asked.number)

    assert ended.deployed_by == "worker:elsewhere"
