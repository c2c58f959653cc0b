"""ClaimPort over HTTP: what is asked for, and what is made of the answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from gatepost_client import AsyncGatepost
from gatepost_worker.claims.api_claims import ApiClaims, WorkerRejected
from gatepost_worker.claims.port import LeaseLost, ServerUnavailable
from gatepost_worker.executors.command import CommandSettings
from gatepost_worker.executors.simulated import SimulatedSettings
from gatepost_worker.executors.webhook import WebhookSettings
from gatepost_worker.tasks import (
    Check,
    Readiness,
    Step,
    StepKind,
    StepState,
    Task,
    failed,
    succeeded,
)
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
STEP = Step(
    kind=StepKind.CHECK,
    name="health",
    attempt=2,
    state=StepState.PASSED,
    detail="",
    at=AT,
    took_ms=12,
)


class Server:
    """Answers as a test says, and keeps what it was asked."""

    def __init__(self, answer: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self._answer = answer
        self.asked: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        return self._answer(request)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.asked]


def claims_of(server: Server) -> ApiClaims:
    transport = httpx2.MockTransport(server)
    gatepost = AsyncGatepost("http://gatepost.example", token="gp_s_x", transport=transport)
    return ApiClaims(gatepost, worker="berlin-1", lease=timedelta(seconds=15))


def responding(status: int, code: str = "", detail: str = "It is so.") -> Server:
    told = {
        "type": f"/problems/{code}",
        "title": "No",
        "status": status,
        "detail": detail,
        "instance": "/",
        "code": code,
        "errors": [],
        "deployment_status": None,
        "allowed_actions": None,
    }
    media_type = {"content-type": "application/problem+json"}
    return Server(lambda _: httpx2.Response(status, json=told, headers=media_type))


def a_given_task(**target: Any) -> dict[str, Any]:
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
        )
    )
    approvals = [{"actor": name, "at": NOW, "note": None} for name in ("quinn", "devin")]
    return {
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
                "stages": [
                    {"name": each["actor"], "required": 1, "satisfied": True, "approvals": [each]}
                    for each in approvals
                ],
            },
            "build_id": BUILD,
            "execution": {"state": "RUNNING", "attempt": 2, "worker": "worker:berlin-1"},
            "created_at": NOW,
            "hidden": False,
            "unreviewed": False,
            "overrides": [],
            "revision": 4,
        },
    }


async def claimed(**target: Any) -> Task:
    given = a_given_task(**target)
    task = await claims_of(Server(lambda _: httpx2.Response(200, json=given))).claim(20)
    assert task is not None
    return task


async def test_a_claim_says_who_asks_and_for_how_long() -> None:
    """By name and lease; where there is nothing to do, there is no task."""
    server = Server(lambda _: httpx2.Response(204))

    assert await claims_of(server).claim(20) is None

    assert server.bodies == [{"worker": "berlin-1", "wait_s": 20, "lease_s": 15}]


async def test_a_task_has_what_the_server_said() -> None:
    """Who approved it, in order; which attempt it is; how long there is left."""
    task = await claimed()

    assert (task.claim_id, task.fencing_token) == (CLAIM, 17)
    assert (task.lease, task.time_left) == (timedelta(seconds=15), timedelta(minutes=30))
    assert (task.rolled_out, task.outgoing_allow) == (True, ("127.0.0.1",))
    it = task.deployment
    assert (it.number, it.attempt, it.build_id) == ("DEP-42", 2, BUILD)
    assert (it.requester, it.approved_by) == ("ada", ("quinn", "devin"))
    assert (it.version, it.previous_version) == ("1.4.2", "1.4.1")


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
async def test_each_kind_of_executor_is_known(executor: dict[str, Any], settings: object) -> None:
    """With its settings."""
    task = await claimed(executor=executor)

    assert task.target.executor == settings


async def test_readiness_and_checks_are_as_they_were_set() -> None:
    """What is sent and expected stays JSON: null is a value to expect, and nothing to send."""
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
    task = await claimed(ready=ready, checks=[check, check | {"body": None}])

    assert task.target.ready == Readiness(path="/health", timeout_s=60, interval_s=2)
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


async def test_what_is_told_twice_is_known_by_its_key() -> None:
    """One for the steps from a number on and one for the end, of this claim and this token."""
    lease = {name: a_given_task()[name] for name in ("id", "fencing_token", "leased_until")}
    lease |= {"lease_s": 15, "deadline_at": NOW, "time_left_s": 5}
    deployment = a_given_task()["deployment"]
    server = Server(
        lambda request: httpx2.Response(
            200, json=deployment if request.url.path.endswith("finish") else lease
        )
    )
    claims = claims_of(server)
    task = a_task()

    await claims.report(task, [STEP, STEP], number=3)
    await claims.finish(task, succeeded(), [STEP])
    await claims.finish(task, failed("It broke."), [])

    keys = [request.headers["idempotency-key"] for request in server.asked]
    assert keys == ["claim-1-1-steps-3", "claim-1-1-end", "claim-1-1-end"]
    steps, end, failure = server.bodies
    assert steps["fencing_token"] == 1
    assert [(step["name"], step["tried"]) for step in steps["steps"]] == [("health", 2)] * 2
    assert (end["outcome"], end["note"], len(end["steps"])) == ("succeeded", None, 1)
    assert (failure["outcome"], failure["note"]) == ("failed", "It broke.")


@pytest.mark.parametrize(("status", "words"), [(401, "worker.token"), (403, "the role worker")])
async def test_a_worker_that_is_not_let_in_is_told_what_would_help(status: int, words: str) -> None:
    """It ends by that: the same token would be refused again."""
    with pytest.raises(WorkerRejected, match=words):
        await claims_of(responding(status, "forbidden")).claim(1)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_server_at_its_worst_is_away(status: int) -> None:
    """The same may go well a little later, whatever was asked."""
    claims = claims_of(responding(status, "storage_busy"))

    with pytest.raises(ServerUnavailable):
        await claims.claim(1)
    with pytest.raises(ServerUnavailable):
        await claims.finish(a_task(), succeeded(), [])


@pytest.mark.parametrize(
    "answer",
    [httpx2.Response(502, text="<html>"), httpx2.Response(200, text="<html>")],
    ids=["its own error", "a page"],
)
async def test_a_proxy_that_answers_instead_is_away(answer: httpx2.Response) -> None:
    """Gatepost itself may be there again soon."""
    with pytest.raises(ServerUnavailable):
        await claims_of(Server(lambda _: answer)).claim(1)


async def test_no_answer_is_away() -> None:
    """It may have been heard or not."""

    def broken(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(ServerUnavailable, match="refused"):
        await claims_of(Server(broken)).renew(a_task())


@pytest.mark.parametrize(("status", "code"), [(409, "claim_lost"), (404, "unknown_claim")])
async def test_a_claim_that_is_anothers_is_lost(status: int, code: str) -> None:
    """Whatever is told under it from then on."""
    claims = claims_of(responding(status, code))

    with pytest.raises(LeaseLost):
        await claims.renew(a_task())
    with pytest.raises(LeaseLost):
        await claims.report(a_task(), [STEP], number=1)
    with pytest.raises(LeaseLost):
        await claims.finish(a_task(), succeeded(), [])


async def test_an_end_that_is_still_being_told_is_told_again() -> None:
    """The first answer comes then."""
    with pytest.raises(ServerUnavailable):
        await claims_of(responding(409, "overtaken")).finish(a_task(), succeeded(), [])
