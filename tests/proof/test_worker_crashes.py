"""Nothing is lost, ended twice or run side by side when workers are killed, and all of it ends."""

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
from tests.support.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    register_service,
    use_simulated_executor,
)
from tests.support.sample_service import a_sample_service
from tests.support.server import ServerProcess
from tests.support.workers import WorkerProcess

SEED = 20261121
SERVICES, VERSIONS = 20, 10
LEASE_S = 2
LONGEST_S = 50
SLOTS = 3
ENDS = {EventKind.SUCCEEDED, EventKind.FAILED, EventKind.CANCELLED}


@dataclass
class Judged:
    """What the events tell of all rollouts."""

    ended_at: dict[str, datetime] = field(default_factory=dict[str, datetime])
    left_by: dict[str, str] = field(default_factory=dict[str, str])
    """Which worker was the last to leave what another one ended."""
    leavers: set[str] = field(default_factory=set[str])
    """Those who left anything."""
    twice: int = 0
    """Started or ended more than once."""
    overlaps: int = 0
    """Started while another one was under way in its lane."""
    failed: int = 0


def judged(events: Iterable[Event], lane_of: dict[str, str]) -> Judged:
    """Walk through the events in the order in which they happened."""
    verdict, under_way, seen = Judged(), Counter[str](), Counter[tuple[str, str]]()
    with_worker: dict[str, str] = {}
    for event in events:
        deployment = str(event.deployment_id)
        if deployment not in lane_of:
            continue
        lane = lane_of[deployment]
        if event.kind is EventKind.STARTED:
            verdict.overlaps += under_way[lane]
            under_way[lane] += 1
            with_worker[deployment] = event.actor
            seen["started", deployment] += 1
        elif event.kind is EventKind.TAKEN_OVER:
            verdict.left_by[deployment] = with_worker[deployment]
            verdict.leavers.add(with_worker[deployment])
            with_worker[deployment] = event.actor
        elif event.kind in ENDS:
            under_way[lane] -= 1
            seen["ended", deployment] += 1
            verdict.ended_at[deployment] = event.at
            verdict.failed += event.kind is not EventKind.SUCCEEDED
    verdict.twice = sum(count - 1 for count in seen.values())
    return verdict


def ask_for_all(gatepost: Gatepost, sample_url: str) -> dict[str, str]:
    """Ask for ten versions of each of twenty services; the answer tells each one's lane."""
    lane_of: dict[str, str] = {}
    allow_loopback_checks(gatepost)
    versions = [f"1.0.{version}" for version in range(VERSIONS)]
    for service in (f"service-{number}" for number in range(SERVICES)):
        register_service(gatepost, service, *versions)
        slow = [a_check("slow", f"/{service}", expect_status=404)]
        use_simulated_executor(gatepost, service, base_url=sample_url, checks=slow)
        for version in versions:
            lane_of[str(gatepost.create_deployment(deployment_create(service, version)).id)] = (
                service
            )
    return lane_of


def kill_in_the_midst(
    gatepost: Gatepost, workers: list[WorkerProcess], dice: random.Random
) -> dict[str, datetime]:
    """Kill two that come back, and one for good; the answer tells when."""
    killed: dict[str, datetime] = {}
    for worker, comes_back in zip(workers, (True, False, True), strict=True):
        wait_until_busy(gatepost, worker.name)
        time.sleep(dice.uniform(0.3, 1.0))
        at = datetime.now(UTC)  # noqa: TID251  # what the server's clock says too
        worker.kill()
        killed[f"worker:{worker.name}"] = at
        if comes_back:
            worker.start()
    return killed


def wait_until_busy(gatepost: Gatepost, worker: str) -> None:
    """Until it has something under way in each of its slots."""
    until, busy = time.monotonic() + LONGEST_S, 0
    while busy < SLOTS and time.monotonic() < until:
        started = gatepost.list_deployments(status=[DeploymentStatus.STARTED], limit=200).items
        busy = sum(
            each.execution is not None and each.execution.worker == f"worker:{worker}"
            for each in started
        )


def wait_for_the_end(gatepost: Gatepost, count: int) -> None:
    """Until all have ended, or it takes too long; what is missing then is found missing."""
    until, after, ended = time.monotonic() + LONGEST_S, 0, 0
    while ended < count and time.monotonic() < until:
        for event in gatepost.list_events(after=after, limit=200).items:
            after = event.seq
            ended += event.kind in ENDS
        time.sleep(0.1)


def test_two_hundred_rollouts_outlive_three_killed_workers(tmp_path: Path) -> None:
    """None is lost, ended twice or beside another; each ends within two leases of the kill."""
    dice = random.Random(SEED)
    flags = (f"--lease-s={LEASE_S}", f"--concurrency={SLOTS}")
    with a_sample_service() as sample, ServerProcess(tmp_path / "data") as server:
        sample.takes_s = lambda: dice.uniform(0.2, 0.5)
        workers = [WorkerProcess(server, f"w{number}", *flags) for number in (1, 2, 3)]
        with Gatepost(server.url, token=server.token) as gatepost:
            lane_of = ask_for_all(gatepost, sample.url)
            with workers[0], workers[1], workers[2]:
                begun = time.monotonic()
                killed = kill_in_the_midst(gatepost, workers, dice)
                wait_for_the_end(gatepost, len(lane_of))
                took_s = time.monotonic() - begun
            verdict = judged(every(gatepost.list_events, limit=200), lane_of)
        verified = server.verify()

    late = [
        deployment
        for deployment, worker in verdict.left_by.items()
        if verdict.ended_at[deployment] - killed[worker] > timedelta(seconds=2 * LEASE_S)
    ]
    side_by_side = max(sample.at_once.values())
    told = {
        "seed": SEED,
        "asked": len(lane_of),
        "ended": len(verdict.ended_at),
        "twice": verdict.twice,
        "overlaps": verdict.overlaps,
        "side_by_side": side_by_side - 1,
        "failed": verdict.failed,
        "taken_over": len(verdict.left_by),
        "late": len(late),
        "took_s": round(took_s, 1),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    assert len(lane_of) == SERVICES * VERSIONS
    assert lane_of.keys() == verdict.ended_at.keys()
    assert (verdict.twice, verdict.overlaps, verdict.failed, side_by_side) == (0, 0, 0, 1)
    assert verdict.leavers == set(killed)
    assert late == []
    assert verified.returncode == 0, verified.stderr


def test_the_judge_sees_what_must_not_be() -> None:
    """A proof is void whose judge would pass anything: it finds each of the faults."""
    at = datetime(2026, 11, 21, tzinfo=UTC)

    def event(kind: EventKind, deployment: str) -> Any:
        return SimpleNamespace(kind=kind, deployment_id=deployment, at=at, actor="worker:w1")

    lanes = {"a": "shop", "b": "shop"}
    begun = [event(EventKind.STARTED, "a"), event(EventKind.STARTED, "b")]
    ended = [event(EventKind.SUCCEEDED, "a"), event(EventKind.FAILED, "a")]

    verdict = judged([*begun, *ended], lanes)

    assert (verdict.overlaps, verdict.twice, verdict.failed) == (1, 1, 1)
    assert verdict.ended_at.keys() == {"a"}
