"""Many rollouts at once, requested through the client, and what their events say of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from gatepost_client import Gatepost, GatepostError
from gatepost_client.models import DeploymentStatus, Event, EventKind
from tests.support.client.rollouts import (
    a_check,
    allow_loopback_checks,
    deployment_create,
    register_service,
    use_simulated_executor,
)

TIME_LIMIT_S = 180
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


def request_deployments(
    gatepost: Gatepost, sample_url: str, services: int, versions: int
) -> dict[str, str]:
    """Request some versions of some services; return the lane of each deployment."""
    lane_of: dict[str, str] = {}
    allow_loopback_checks(gatepost)
    names = [f"1.0.{version}" for version in range(versions)]
    for service in (f"service-{number}" for number in range(services)):
        register_service(gatepost, service, *names)
        checks = [a_check("slow", f"/{service}", expect_status=404)]
        use_simulated_executor(gatepost, service, base_url=sample_url, checks=checks)
        for name in names:
            lane_of[str(gatepost.create_deployment(deployment_create(service, name)).id)] = service
    return lane_of


def wait_for_outcomes(gatepost: Gatepost, count: int) -> None:
    """Wait until all have ended or the time is up; the assertions find missing outcomes."""
    deadline, after, ended = time.monotonic() + TIME_LIMIT_S, 0, 0
    while ended < count and time.monotonic() < deadline:
        with suppress(GatepostError):  # a proof may kill the server
            for event in gatepost.list_events(after=after, limit=200).items:
                after = event.seq
                ended += event.kind in OUTCOMES
        time.sleep(0.1)


def wait_until_busy(gatepost: Gatepost, worker: str, *, rollouts: int) -> None:
    """Wait until the worker has so many rollouts in progress, or the time is up."""
    deadline, busy = time.monotonic() + TIME_LIMIT_S, 0
    while busy < rollouts and time.monotonic() < deadline:
        started = gatepost.list_deployments(status=[DeploymentStatus.STARTED], limit=200).items
        busy = sum(
            deployment.execution is not None and deployment.execution.worker == f"worker:{worker}"
            for deployment in started
        )
