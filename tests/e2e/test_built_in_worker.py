"""`gatepost-server serve` and its worker start, stop and recover together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gatepost_client import Gatepost
from gatepost_client.models import DeploymentStatus, EventKind
from tests.support.client.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import a_sample_service
from tests.support.workers import WorkerProcess

STARTED, SUCCEEDED = DeploymentStatus.STARTED, DeploymentStatus.SUCCEEDED
DRAIN_LIMIT_S = 10


def worker_pids(server: ServerProcess) -> list[int]:
    """Return the process ids of the workers that the server has started, oldest first."""
    return [int(pid) for pid in re.findall(r"started a worker as process (\d+)", server.log())]


def is_running(pid: int) -> bool:
    """Return whether the process is running; a zombie is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", f"{pid}"], capture_output=True, text=True, check=False
    )
    return not state.stdout.startswith("Z") and bool(state.stdout)


def wait_until(condition: Callable[[], bool], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def test_pressing_ctrl_c_repeatedly_shows_no_traceback(tmp_path: Path) -> None:
    """A terminal sends each signal to the server and to its worker."""
    with ServerProcess(tmp_path / "data", worker=True, as_installed=True) as server:
        wait_until(lambda: "up to 4 deployments at once" in server.log())
        pids = [server.pid, *worker_pids(server)]
        for _ in range(30):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
            time.sleep(0.05)
        code = server.exit_code()

    assert code == 0
    assert "Traceback" not in server.log()


def test_first_request_to_test_succeeds_without_configuration(tmp_path: Path) -> None:
    """A new server needs no target, worker token or setting for a simulated rollout."""
    with ServerProcess(tmp_path / "data", worker=True, as_installed=True) as server:
        with Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
        arguments = ["request", "shop", "1.4.2", "--to=test", "--work=SHOP-812", "--wait"]
        arguments += ["--rollback-plan=Redeploy 1.4.1.", "--timeout=30"]
        env = {**os.environ, "GATEPOST_URL": server.url, "GATEPOST_DATA": str(server.data)}
        completed = subprocess.run(
            [sys.executable, "-m", "gatepost_cli", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=env,
        )
        token = server.worker_token
        assert server.stop() == 0

    assert completed.returncode == 0, completed.stderr
    assert completed.stdout == "DEP-1\n"
    assert "DEP-1 is succeeded: Simulated for 1 s." in completed.stderr
    assert token not in server.log()
    assert not is_running(worker_pids(server)[0])


def test_stopping_the_server_finishes_the_rollout_in_progress(tmp_path: Path) -> None:
    """The worker reports the rollout's outcome before the server stops; both exit with 0."""
    with a_sample_service() as sample:
        sample.takes_s = lambda: 1.0
        server = ServerProcess(tmp_path / "data", worker=True)
        with server, Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
            allow_loopback_checks(owner)
            checks = [a_check("slow", "/health")]
            use_simulated_executor(owner, "shop", base_url=sample.url, checks=checks)
            number = owner.create_deployment(deployment_create("shop")).number
            wait_until(lambda: bool(sample.asked))

            started_at = time.monotonic()
            exit_code = server.stop()
            took_s = time.monotonic() - started_at

    with (
        ServerProcess(server.data) as restarted,
        Gatepost(restarted.url, token=restarted.token) as owner,
    ):
        assert owner.get_deployment(number).status is SUCCEEDED
    assert exit_code == 0
    assert took_s < DRAIN_LIMIT_S


def test_unfinished_rollout_is_taken_over_by_another_worker(tmp_path: Path) -> None:
    """A stopped worker exits within ten seconds, and another one finishes its rollout once."""
    with ServerProcess(tmp_path / "data") as server:
        first = WorkerProcess(server, "berlin-1", "--lease-s=2")
        second = WorkerProcess(server, "berlin-2")
        with first, Gatepost(server.url, token=server.token) as owner:
            register_service(owner, "shop", "1.4.2")
            use_simulated_executor(owner, "shop", duration_s=12)
            number = owner.create_deployment(deployment_create("shop")).number
            wait_for(owner, number, STARTED)
            wait_until(lambda: "deploying shop" in first.log())  # it has the server's answer
            started_at = time.monotonic()
            exit_code = first.stop()
            took_s = time.monotonic() - started_at
            with second:
                deployment = wait_for(owner, number, within_s=60)
                second_exit_code = second.stop()
            kinds = [event.kind for event in owner.list_deployment_events(number).items]

    assert (exit_code, second_exit_code) == (0, 0)
    assert took_s < DRAIN_LIMIT_S
    assert "Tasks left for another worker: 1" in first.log()
    assert deployment.status is SUCCEEDED
    assert deployment.execution is not None
    assert (deployment.execution.attempt, deployment.execution.worker) == (2, "worker:berlin-2")
    assert kinds[-3:] == [EventKind.STARTED, EventKind.TAKEN_OVER, EventKind.SUCCEEDED]


def test_killed_worker_is_restarted(tmp_path: Path) -> None:
    """The server starts another worker, which deploys the next request."""
    with (
        ServerProcess(tmp_path / "data", worker=True) as server,
        Gatepost(server.url, token=server.token) as owner,
    ):
        register_service(owner, "shop", "1.4.2")
        wait_until(lambda: len(worker_pids(server)) == 1)
        os.kill(worker_pids(server)[0], signal.SIGKILL)

        number = owner.create_deployment(deployment_create("shop")).number

        assert wait_for(owner, number).status is SUCCEEDED
        assert len(worker_pids(server)) == 2
        assert "worker exited with code -9; restarting in 1 s" in server.log()
        assert server.stop() == 0


def test_worker_ends_when_its_server_is_killed(tmp_path: Path) -> None:
    """The worker ends too; otherwise, a restarted server would have two workers."""
    with ServerProcess(tmp_path / "data", worker=True) as server:
        wait_until(lambda: len(worker_pids(server)) == 1)
        server.kill()

        wait_until(lambda: not is_running(worker_pids(server)[0]))


def test_without_a_built_in_worker_the_queue_waits_for_an_external_one(tmp_path: Path) -> None:
    """With `--no-worker`, a deployment stays queued until a separate worker claims it."""
    with (
        ServerProcess(tmp_path / "data") as server,
        Gatepost(server.url, token=server.token) as owner,
    ):
        register_service(owner, "shop", "1.4.2")
        queued = owner.create_deployment(deployment_create("shop"))
        assert queued.status is DeploymentStatus.QUEUED
        assert worker_pids(server) == []

        with WorkerProcess(server, "elsewhere"):
            deployed = wait_for(owner, queued.number)

    assert deployed.deployed_by == "worker:elsewhere"
