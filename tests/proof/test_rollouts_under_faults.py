"""Every rollout ends once, also if the server dies with its workers or its clock jumps."""

from __future__ import annotations

import random
import time
from pathlib import Path

from gatepost_client import Gatepost, every
from gatepost_client.models import EventKind
from tests.support.faults.library import Faults
from tests.support.processes.reverse_proxies import free_port
from tests.support.processes.server import ServerProcess
from tests.support.proof.counts import Counts
from tests.support.proof.readiness import start_until_ready
from tests.support.proof.results import print_result
from tests.support.proof.rollouts import (
    request_deployments,
    summarize,
    wait_for_outcomes,
    wait_until_busy,
)
from tests.support.sample_service import a_sample_service
from tests.support.workers import WorkerProcess

SEED = 20261129
LEASE_S = 3
FLAGS = (f"--lease-s={LEASE_S}", "--concurrency=3")
JUMPS_S = (2 * 86_400, 0, -2 * 86_400, 0)
MAX_START_S = 30.0


def test_rollouts_survive_killed_servers_and_workers(
    database_url: str | None, tmp_path: Path, counts: Counts
) -> None:
    """The server and its workers are killed in turn; each rollout ends once and none is lost."""
    rng = random.Random(SEED)
    services, kills = counts.choose(6, 20), counts.choose(4, 16)
    options = (f"--port={free_port()}",)
    server = ServerProcess(tmp_path / "data", database_url=database_url, options=options)
    workers = [WorkerProcess(server, f"w{number}", *FLAGS) for number in (1, 2)]
    starts_s: list[float] = []
    with a_sample_service() as sample, server:
        sample.takes_s = lambda: rng.uniform(0.2, 0.5)
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            lane_of = request_deployments(owner, sample.url, services, versions=10)
            with workers[0], workers[1]:
                for number in range(kills):
                    worker = workers[number % 2]
                    time.sleep(rng.uniform(0, 0.5))
                    wait_until_busy(owner, worker.name, rollouts=2)
                    server.kill()
                    worker.kill()
                    starts_s.append(start_until_ready(server))
                    worker.start()
                wait_for_outcomes(owner, len(lane_of))
            rollouts = summarize(every(owner.list_events, limit=200), lane_of)
        verified = server.verify()

    print_result(
        "P1",
        database="sqlite" if database_url is None else "postgresql",
        seed=SEED,
        kills=kills,
        rollouts=len(lane_of),
        taken_over=len(rollouts.lost_by),
        slowest_start_s=round(max(starts_s), 2),
    )
    assert lane_of.keys() == rollouts.ended_at.keys()
    assert (rollouts.repeated, rollouts.overlaps, rollouts.failed) == (0, 0, 0)
    assert rollouts.lost_by
    assert max(starts_s) < MAX_START_S
    assert verified.returncode == 0, verified.stdout


def test_clock_jumps_lose_or_repeat_no_rollout(tmp_path: Path) -> None:
    """The clock of the server jumps by two days, forward and back, while rollouts run.

    Leases and deadlines follow this clock, so a jump forward ends them early: rollouts are taken
    over, or fail at their deadline. No rollout ends twice, overlaps another one or stays open.
    """
    faults = Faults(tmp_path / "faults", tmp_path / "data")
    with a_sample_service() as sample, ServerProcess(tmp_path / "data", faults=faults) as server:
        sample.takes_s = lambda: 1.5
        workers = [WorkerProcess(server, f"w{number}", *FLAGS) for number in (1, 2)]
        with Gatepost(server.url, token=server.token, retries=None) as owner:
            lane_of = request_deployments(owner, sample.url, services=6, versions=4)
            with workers[0], workers[1]:
                for jump_s in JUMPS_S:
                    time.sleep(0.7)
                    faults.set_clock_ahead(jump_s)
                wait_for_outcomes(owner, len(lane_of))
            events = list(every(owner.list_events, limit=200))
        verified = server.verify()

    rollouts = summarize(events, lane_of)
    notes = [event.note or "" for event in events if event.kind is EventKind.FAILED]
    print_result(
        "P11",
        clock_jumps_s=JUMPS_S,
        rollouts=len(lane_of),
        taken_over=len(rollouts.lost_by),
        failed_at_deadline=len(notes),
    )
    assert lane_of.keys() == rollouts.ended_at.keys()
    assert (rollouts.repeated, rollouts.overlaps) == (0, 0)
    assert all("was not finished by its deadline" in note for note in notes)
    assert verified.returncode == 0, verified.stdout
