"""The claim port over the HTTP API: check runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from gatepost_worker.claims.port import LeaseLost
from gatepost_worker.tasks import CheckTask, TaskKind
from tests.support.fake_server import FakeServer, claims_of, server_with_problem
from tests.support.worker import a_check_report, a_check_task

CLAIM = "0199c0de-0000-7000-8000-000000000001"
NOW = "2026-11-21T12:00:00Z"
CHECK_RUN: dict[str, Any] = {
    "id": CLAIM,
    "service": "shop",
    "environment": "test",
    "state": "running",
    "outcome": None,
    "requested_by": "olga",
    "requested_at": NOW,
    "target_version": 3,
    "version": "1.4.1",
    "worker": "berlin-1",
    "attempt": 1,
    "claimed_at": NOW,
    "ended_at": None,
    "results": [],
    "note": None,
}
LEASE = {
    "id": CLAIM,
    "fencing_token": 1,
    "leased_until": NOW,
    "lease_s": 15,
    "deadline_at": NOW,
    "time_left_s": 90,
}


async def test_a_check_task_has_the_checks_and_where_they_may_connect() -> None:
    """It is distinguished from a deployment by its kind."""
    check: dict[str, Any] = {
        "name": "health",
        "method": "GET",
        "path": "/health",
        "body": None,
        "expect_status": 200,
        "expect_json": {},
        "max_latency_ms": None,
        "timeout_s": 5,
        "attempts": 1,
        "required": True,
    }
    payload = LEASE | {
        "kind": "check_run",
        "check_run": CHECK_RUN,
        "base_url": "http://shop.example",
        "checks": [check],
        "outgoing_allow": ["127.0.0.1"],
    }
    server = FakeServer(lambda _: httpx2.Response(200, json=payload))

    task = await claims_of(server).claim(20, tuple(TaskKind))

    assert isinstance(task, CheckTask)
    assert (task.check_run_id, task.fencing_token) == (CLAIM, 1)
    assert (task.service, task.environment) == ("shop", "test")
    assert (task.base_url, [check.name for check in task.checks]) == (
        "http://shop.example",
        ["health"],
    )
    assert (task.time_left, task.outgoing_allow) == (timedelta(seconds=90), ("127.0.0.1",))


async def test_check_reports_have_an_idempotency_key() -> None:
    """A repeated report changes nothing; renewals need no key."""
    server = FakeServer(
        lambda request: httpx2.Response(
            200, json=CHECK_RUN if request.url.path.endswith("finish") else LEASE
        )
    )
    task = a_check_task("run-1")

    await claims_of(server).renew_check_run(task)
    await claims_of(server).finish_check_run(task, [a_check_report("health", attempts=2)])

    assert [request.url.path for request in server.requests] == [
        "/api/v1/worker/check-runs/run-1/renew",
        "/api/v1/worker/check-runs/run-1/finish",
    ]
    assert server.requests[1].headers["idempotency-key"] == "run-1-1-end"
    (result,) = server.bodies[1]["results"]
    assert (result["name"], result["state"], result["attempts"]) == ("health", "passed", 2)


@pytest.mark.parametrize(
    ("status", "code"), [(409, "check_run_claim_lost"), (404, "unknown_check_run")]
)
async def test_reports_on_a_check_run_of_another_worker_lose_the_lease(
    status: int, code: str
) -> None:
    """The worker then stops its checks."""
    with pytest.raises(LeaseLost):
        await claims_of(server_with_problem(status, code)).renew_check_run(a_check_task())
