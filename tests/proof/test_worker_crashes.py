"""When workers are killed, every rollout ends once and none overlaps another in its lane."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gatepost_client import Gatepost, every
from gatepost_client.models import DeploymentStatus, Event, EventKind
from tests.support.client.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    register_service,
    use_simulated_executor,
)
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import a_sample_service
from tests.support.workers import WorkerProcess

SEED = 20261121
SERVICES, VERSIONS = 20, 10
LEASE_S = 4
TIME_LIMIT_S = 180
SLOTS = 3
OUTCOMES = {EventKind.SUCCEEDED, EventKind.FAILED, EventKind.CANCELLED}


@dataclass
class Rollouts:
    """The facts that the events record about all rollouts."""

    ended_at: dict[str, datetime] = field(default_factory=dict[str, datetime])
    lost_by: dict[str, str] = field(default_factory=dict[str, str])
    """The last worker that lost a claim on each deployment that was taken over."""
    losers: set[str] = field(default_factory=set[str])
    """The workers that lost a claim."""
    repeated: int = 0
    """The number of second starts and second outcomes."""
    overlaps: int = 0
    """The number of starts while another rollout of the lane was in progress."""
    failed: int = 0


def summarize(events: Iterable[Event], lane_of: dict[str, str]) -> Rollouts:
    """Read the events in order."""
    rollouts, in_progress, counts = Rollouts(), Counter[str](), Counter[tuple[str, str]]()
    worker_of: dict[str, str] = {}
    for event in events:
        deployment = str(event.deployment_id)
        if deployment not in lane_of:
            continue
        lane = lane_of[deployment]
        if event.kind is EventKind.STARTED:
            rollouts.overlaps += in_progress[lane]
            in_progress[lane] += 1
            worker_of[deployment] = event.actor
            counts["started", deployment] += 1
        elif event.kind is EventKind.TAKEN_OVER:
            rollouts.lost_by[deployment] = worker_of[deployment]
            rollouts.losers.add(worker_of[deployment])
            worker_of[deployment] = event.actor
        elif event.kind in OUTCOMES:
            in_progress[lane] -= 1
            counts["ended", deployment] += 1
            rollouts.ended_at[deployment] = event.at
            rollouts.failed += event.kind is not EventKind.SUCCEEDED
    rollouts.repeated = sum(count - 1 for count in counts.values())
    return rollouts


def request_deployments(gatepost: Gatepost, sample_url: str) -> dict[str, str]:
    """Request ten versions of each of twenty services; return the lane of each deployment."""
    lane_of: dict[str, str] = {}
    allow_loopback_checks(gatepost)
    versions = [f"1.0.{version}" for version in range(VERSIONS)]
    for service in (f"service-{number}" for number in range(SERVICES)):
        register_service(gatepost, service, *versions)
        checks = [a_check("slow", f"/{service}", expect_status=404)]
        use_simulated_executor(gatepost, service, base_url=sample_url, checks=checks)
        for version in versions:
            lane_of[str(gatepost.create_deployment(deployment_create(service, version)).id)] = (
                service
            )
    return lane_of


def kill_workers(
    gatepost: Gatepost, workers: list[WorkerProcess], rng: random.Random
) -> dict[str, datetime]:
    """Kill all three workers, restart two of them, and return the time of each kill."""
    killed: dict[str, datetime] = {}
    for worker, restart in zip(workers, (True, False, True), strict=True):
        wait_until_busy(gatepost, worker.name)
        time.sleep(rng.uniform(0.3, 1.0))
        at = datetime.now(UTC)  # noqa: TID251  # the server uses the system clock
        worker.kill()
        killed[f"worker:{worker.name}"] = at
        if restart:
            worker.start()
    return killed


def wait_until_busy(gatepost: Gatepost, worker: str) -> None:
    """Wait until the worker has a rollout in progress in each of its slots."""
    deadline, busy = time.monotonic() + TIME_LIMIT_S, 0
    while busy < SLOTS and time.monotonic() < deadline:
        started = gatepost.list_deployments(status=[DeploymentStatus.STARTED], limit=200).items
        busy = sum(
            deployment.execution is not None and deployment.execution.worker == f"worker:{worker}"
            for deployment in started
        )


def wait_for_outcomes(gatepost: Gatepost, count: int) -> None:
    """Wait until all have ended or the time is up; the assertions find missing outcomes."""
    deadline, after, ended = time.monotonic() + TIME_LIMIT_S, 0, 0
    while ended < count and time.monotonic() < deadline:
        for event in gatepost.list_events(after=after, limit=200).items:
            after = event.seq
            ended += event.kind in OUTCOMES
        time.sleep(0.1)


def test_two_hundred_rollouts_survive_three_killed_workers(tmp_path: Path) -> None:
    """No rollout is lost, repeated or overlapping; each ends within two leases of the kill."""
    rng = random.Random(SEED)
    flags = (f"--lease-s={LEASE_S}", f"--concurrency={SLOTS}")
    with a_sample_service() as sample, ServerProcess(tmp_path / "data") as server:
        sample.takes_s = lambda: rng.uniform(0.2, 0.5)
        workers = [WorkerProcess(server, f"w{number}", *flags) for number in (1, 2, 3)]
        with Gatepost(server.url, token=server.token) as gatepost:
            lane_of = request_deployments(gatepost, sample.url)
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
