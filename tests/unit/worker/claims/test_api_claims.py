"""The claim port over the HTTP API: requests, tasks and errors."""

from __future__ import annotations

from datetime import timedelta
from importlib.metadata import version
from typing import Any

import httpx2
import pytest

from gatepost_worker.claims.api_claims import WorkerRejected
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.executors.command import CommandSettings
from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.executors.webhook import WebhookSettings
from gatepost_worker.tasks import (
    Check,
    DeploymentTask,
    ReadinessProbe,
    StepKind,
    StepReport,
    StepState,
    TaskKind,
    failed,
    succeeded,
)
from tests.support.fake_server import FakeServer, claims_of, server_with_problem
from tests.support.worker import AT, a_task

CLAIM = "0199c0de-0000-7000-8000-000000000001"
DEPLOYMENT = "0199c0de-0000-7000-8000-000000000002"
BUILD = "0199c0de-0000-7000-8000-000000000003"
NOW = "2026-11-21T12:00:00Z"
SIMULATED = {
    "kind": "simulated",
    "duration_s": 2,
    "outcome": "fail",
    "failure_percent": 30,
    "seed": 7,
}
STEP = StepReport(
    kind=StepKind.CHECK,
    name="health",
    attempt=2,
    state=StepState.PASSED,
    detail="",
    at=AT,
    took_ms=12,
)


def task_json(**target: Any) -> dict[str, Any]:
    deployment = dict.fromkeys(
        (
            "after_review",
            "approved_at",
            "artifact_digest",
            "break_glass",
            "cancel_reason",
            "deployed_at",
            "deployed_by",
            "expires_at",
            "external_id",
            "finished_at",
            "notes",
            "on_behalf_of",
            "promoted_from",
            "promotion_blocked",
            "queued_at",
            "reviewed_at",
            "reviewed_by",
            "risk",
            "rolled_back_at",
            "rolled_back_by",
            "rolls_back",
            "started_at",
            "superseded_by",
            "triggered_by",
            "target_digest",
            "target_version",
        )
    )
    approvals = [{"actor": name, "at": NOW, "note": None} for name in ("quinn", "devin")]
    return {
        "kind": "deployment",
        "id": CLAIM,
        "fencing_token": 17,
        "leased_until": NOW,
        "lease_s": 15,
        "deadline_at": NOW,
        "time_left_s": 1800,
        "outgoing_allow": ["127.0.0.1"],
        "previous_version": "1.4.1",
        "rolled_out": True,
        "target": {
            "base_url": "http://shop.example",
            "executor": SIMULATED,
            "ready": None,
            "checks": [],
            "deadline_s": 1800,
            **target,
        },
        "deployment": deployment
        | {
            "id": DEPLOYMENT,
            "recorded_rollback": False,
            "number": "DEP-42",
            "kind": "request",
            "service": "shop",
            "environment": "test",
            "tier": "test",
            "version": "1.4.2",
            "requester": "ada",
            "work_references": ["SHOP-812"],
            "rollback_plan": "Redeploy 1.4.1.",
            "status": "started",
            "review": {
                "label": "approved_by_devops",
                "digest": "d",
                "policy_version": 1,
                "waived": None,
                "stages": [
                    {
                        "name": approval["actor"],
                        "required": 1,
                        "satisfied": True,
                        "approvals": [approval],
                    }
                    for approval in approvals
                ],
            },
            "build_id": BUILD,
            "execution": {"state": "RUNNING", "attempt": 2, "worker": "worker:berlin-1"},
            "created_at": NOW,
            "hidden": False,
            "unreviewed": False,
            "requester_unmapped": False,
            "independence": {"dependent": []},
            "overrides": [],
            "revision": 4,
        },
    }


async def claim(**target: Any) -> DeploymentTask:
    payload = task_json(**target)
    task = await claims_of(FakeServer(lambda _: httpx2.Response(200, json=payload))).claim(
        20, tuple(TaskKind)
    )
    assert isinstance(task, DeploymentTask)
    return task


async def test_a_claim_has_the_name_and_the_lease() -> None:
    """The request has the worker's name and lease. Without claimable work, the result is None."""
    server = FakeServer(lambda _: httpx2.Response(204))

    assert await claims_of(server).claim(20, tuple(TaskKind)) is None

    assert server.bodies == [
        {
            "worker": "berlin-1",
            "wait_s": 20,
            "lease_s": 15,
            "kinds": [
                "deployment",
                "check_run",
                "webhook_delivery",
                "notification",
                "protection_answer",
            ],
            "version": version("gatepost-worker"),
        }
    ]


async def test_a_task_has_what_the_server_sent() -> None:
    """The task has the approvals in order, the attempt number and the remaining time."""
    task = await claim()

    assert (task.claim_id, task.fencing_token) == (CLAIM, 17)
    assert (task.lease, task.time_left) == (timedelta(seconds=15), timedelta(minutes=30))
    assert (task.rolled_out, task.outgoing_allow) == (True, ("127.0.0.1",))
    deployment = task.deployment
    assert (deployment.number, deployment.attempt, deployment.build_id) == ("DEP-42", 2, BUILD)
    assert (deployment.requester, deployment.approved_by) == ("ada", ("quinn", "devin"))
    assert (deployment.version, deployment.previous_version) == ("1.4.2", "1.4.1")


@pytest.mark.parametrize(
    ("executor", "settings"),
    [
        (SIMULATED, SimulatedSettings(duration_s=2, succeeds=False, failure_percent=30, seed=7)),
        (
            {"kind": "webhook", "url": "https://ci.example"},
            WebhookSettings(url="https://ci.example"),
        ),
        ({"kind": "command", "arguments": ["/bin/x"]}, CommandSettings(arguments=("/bin/x",))),
    ],
)
async def test_every_kind_of_executor_has_its_settings(
    executor: dict[str, Any], settings: object
) -> None:
    """The settings of each executor kind are converted from the client's model."""
    task = await claim(executor=executor)

    assert task.target.executor == settings


async def test_readiness_and_checks_are_those_of_the_target() -> None:
    """The settings are unchanged. A check can expect null, but a null body is not sent."""
    check = {
        "name": "create",
        "method": "POST",
        "path": "/db/create",
        "body": {"name": "x"},
        "expect_status": 201,
        "expect_json": {"/id": 1, "/gone": None},
        "max_latency_ms": 500,
        "timeout_s": 5,
        "attempts": 3,
        "required": False,
    }
    ready = {"path": "/health", "timeout_s": 60, "interval_s": 2}
    task = await claim(ready=ready, checks=[check, check | {"body": None}])

    assert task.target.ready == ReadinessProbe(path="/health", timeout_s=60, interval_s=2)
    assert task.target.checks[0] == Check(
        name="create",
        method="POST",
        path="/db/create",
        body='{"name": "x"}',
        expect_status=201,
        expect_json={"/id": "1", "/gone": "null"},
        max_latency_ms=500,
        timeout_s=5,
        attempts=3,
        required=False,
    )
    assert task.target.checks[1].body is None


async def test_reports_have_idempotency_keys() -> None:
    """The key identifies the claim and the report, so the server recognizes a repeated request."""
    lease = {name: task_json()[name] for name in ("id", "fencing_token", "leased_until")}
    lease |= {"lease_s": 15, "deadline_at": NOW, "time_left_s": 5}
    deployment = task_json()["deployment"]
    server = FakeServer(
        lambda request: httpx2.Response(
            200, json=deployment if request.url.path.endswith("finish") else lease
        )
    )
    claims = claims_of(server)
    task = a_task()

    await claims.report(task, [STEP, STEP], number=3)
    await claims.finish(task, succeeded(), [STEP])
    await claims.finish(task, failed("It broke."), [])

    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert keys == ["claim-1-1-steps-3", "claim-1-1-end", "claim-1-1-end"]
    steps, end, failure = server.bodies
    assert steps["fencing_token"] == 1
    assert [(step["name"], step["tried"]) for step in steps["steps"]] == [("health", 2)] * 2
    assert (end["outcome"], end["note"], len(end["steps"])) == ("succeeded", None, 1)
    assert (failure["outcome"], failure["note"]) == ("failed", "It broke.")


@pytest.mark.parametrize(("status", "cure"), [(401, "worker.token"), (403, "the `worker` role")])
async def test_a_rejected_token_is_reported_with_the_cure(status: int, cure: str) -> None:
    """The error says how to fix it. The worker ends, because a retry would be rejected as well."""
    with pytest.raises(WorkerRejected, match=cure):
        await claims_of(server_with_problem(status, "forbidden")).claim(1, tuple(TaskKind))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_temporary_errors_make_the_server_unavailable(status: int) -> None:
    """Any operation can be retried after a temporary error."""
    claims = claims_of(server_with_problem(status, "storage_busy"))

    with pytest.raises(ServerUnavailable):
        await claims.claim(1, tuple(TaskKind))
    with pytest.raises(ServerUnavailable):
        await claims.finish(a_task(), succeeded(), [])


@pytest.mark.parametrize(
    "response",
    [httpx2.Response(502, text="<html>"), httpx2.Response(200, text="<html>")],
    ids=["its own error", "a page"],
)
async def test_a_response_of_a_proxy_makes_the_server_unavailable(
    response: httpx2.Response,
) -> None:
    """The error is treated as temporary, because Gatepost may soon be available again."""
    with pytest.raises(ServerUnavailable):
        await claims_of(FakeServer(lambda _: response)).claim(1, tuple(TaskKind))


async def test_a_connection_error_makes_the_server_unavailable() -> None:
    """The error is temporary, and the server may or may not have received the request."""

    def fail(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(ServerUnavailable, match="refused"):
        await claims_of(FakeServer(fail)).renew(a_task())


@pytest.mark.parametrize(("status", "code"), [(409, "claim_lost"), (404, "unknown_claim")])
async def test_operations_on_an_ended_claim_lose_the_lease(status: int, code: str) -> None:
    """If the claim has expired or moved to another worker, the operation reports a lost lease."""
    claims = claims_of(server_with_problem(status, code))

    with pytest.raises(LeaseLost):
        await claims.renew(a_task())
    with pytest.raises(LeaseLost):
        await claims.report(a_task(), [STEP], number=1)
    with pytest.raises(LeaseLost):
        await claims.finish(a_task(), succeeded(), [])


async def test_a_request_that_is_still_being_processed_can_be_retried() -> None:
    """The refusal `overtaken` is treated as temporary, so the worker can retry the request."""
    with pytest.raises(ServerUnavailable):
        await claims_of(server_with_problem(409, "overtaken")).finish(a_task(), succeeded(), [])


async def test_a_worker_whose_name_is_taken_says_so_and_tries_again() -> None:
    """The other one may be its predecessor, whose connection the server has not seen closed."""
    problem = {
        "type": "/docs/problems#worker_name_taken",
        "title": "Worker name taken",
        "status": 409,
        "detail": "Another worker named berlin-1 is waiting for a task.",
        "instance": "/",
        "request_id": "r-1",
        "code": "worker_name_taken",
        "errors": [],
        "deployment_status": None,
        "allowed_actions": None,
    }
    headers = {"Content-Type": "application/problem+json"}
    server = FakeServer(lambda _: httpx2.Response(409, json=problem, headers=headers))

    with pytest.raises(ServerUnavailable, match="Another worker named berlin-1 is waiting"):
        await claims_of(server).claim(20, tuple(TaskKind))
