"""When workers are killed, every rollout ends once and none overlaps another in its lane."""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gatepost_client import Gatepost, every
from gatepost_client.models import EventKind
from tests.support.processes.server import ServerProcess
from tests.support.proof.rollouts import (
    request_deployments,
    summarize,
    wait_for_outcomes,
    wait_until_busy,
)
from tests.support.sample_service import a_sample_service
from tests.support.workers import WorkerProcess

SEED = 20261121
SERVICES, VERSIONS = 20, 10
LEASE_S = 4
SLOTS = 3


def kill_workers(
    gatepost: Gatepost, workers: list[WorkerProcess], rng: random.Random
) -> dict[str, datetime]:
    """Kill all three workers, restart two of them, and return the time of each kill."""
    killed: dict[str, datetime] = {}
    for worker, restart in zip(workers, (True, False, True), strict=True):
        time.sleep(rng.uniform(0.3, 1.0))
        wait_until_busy(gatepost, worker.name, rollouts=SLOTS)
        at = datetime.now(UTC)  # noqa: TID251  # the server uses the system clock
        worker.kill()
        killed[f"worker:{worker.name}"] = at
        if restart:
            worker.start()
    return killed


def test_two_hundred_rollouts_survive_three_killed_workers(tmp_path: Path) -> None:
    """No rollout is lost, repeated or overlapping; each ends within two leases of the kill."""
    rng = random.Random(SEED)
    flags = (f"--lease-s={LEASE_S}", f"--concurrency={SLOTS}")
    with a_sample_service() as sample, ServerProcess(tmp_path / "data") as server:
        sample.takes_s = lambda: rng.uniform(0.2, 0.5)
        workers = [WorkerProcess(server, f"w{number}", *flags) for number in (1, 2, 3)]
        with Gatepost(server.url, token=server.token, retries=None) as gatepost:
            lane_of = request_deployments(gatepost, sample.url, SERVICES, VERSIONS)
            with workers[0], workers[1], workers[2]:
                started_at = time.monotonic()
                killed = kill_workers(gatepost, workers, rng)
                wait_for_outcomes(gatepost, len(lane_of))
                took_s = time.monotonic() - started_at
            rollouts = summarize(every(gatepost.list_events, limit=200), lane_of)
        verified = server.verify()

    late = [
        deployment
        for deployment, worker in rollouts.lost_by.items()
        if rollouts.ended_at[deployment] - killed[worker] > timedelta(seconds=2 * LEASE_S)
    ]
    most_at_once = max(sample.at_once.values())
    summary = {
        "seed": SEED,
        "requested": len(lane_of),
        "ended": len(rollouts.ended_at),
        "repeated": rollouts.repeated,
        "overlaps": rollouts.overlaps,
        "concurrent_checks": most_at_once - 1,
        "failed": rollouts.failed,
        "taken_over": len(rollouts.lost_by),
        "late": len(late),
        "took_s": round(took_s, 1),
    }
    sys.stdout.write(json.dumps(summary) + "\n")
    assert len(lane_of) == SERVICES * VERSIONS
    assert lane_of.keys() == rollouts.ended_at.keys()
    assert (rollouts.repeated, rollouts.overlaps, rollouts.failed) == (0, 0, 0)
    assert most_at_once == 1
    assert rollouts.losers == set(killed)
    assert late == []
    assert verified.returncode == 0, verified.stderr


def test_summary_counts_overlaps_repetitions_and_failures() -> None:
    """The summary counts an overlapping start, a second outcome and a failure."""
    at = datetime(2026, 11, 21, tzinfo=UTC)

    def event(kind: EventKind, deployment: str) -> Any:
        return SimpleNamespace(kind=kind, deployment_id=deployment, at=at, actor="worker:w1")

    lanes = {"a": "shop", "b": "shop"}
    started = [event(EventKind.STARTED, "a"), event(EventKind.STARTED, "b")]
    ended = [event(EventKind.SUCCEEDED, "a"), event(EventKind.FAILED, "a")]

    rollouts = summarize([*started, *ended], lanes)

    assert (rollouts.overlaps, rollouts.repeated, rollouts.failed) == (1, 1, 1)
    assert rollouts.ended_at.keys() == {"a"}
