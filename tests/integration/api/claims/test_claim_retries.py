"""Repeated requests from workers, deadlines and server restarts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gatepost_api.app import create_app
from gatepost_domain.status_transitions import Status
from tests.support.http.api import (
    HOST,
    Api,
    Json,
    assert_problem,
    ok_json,
    running_api,
)
from tests.support.http.clock import advance_time
from tests.support.http.worker_claims import (
    STEP_BODY,
    claim_queued_deployment,
    claim_task,
    finish_task,
    post_to_claim,
)

STEP_RESPONSE: Final[Json] = STEP_BODY | {"attempt": 1, "tried": 1, "detail": "", "took_ms": None}
"""The step `STEP_BODY` as the API returns it."""


async def test_repeated_finish_returns_the_same_response(api: Api) -> None:
    """A worker that missed the response gets it again instead of a lost-claim error."""
    task, key = await claim_queued_deployment(api), {"Idempotency-Key": "finish-1"}

    first = await post_to_claim(
        api, task, "finish", outcome="succeeded", steps=[STEP_BODY], headers=key
    )
    with api.assert_nothing_stored():
        repeated = await post_to_claim(
            api, task, "finish", outcome="succeeded", steps=[STEP_BODY], headers=key
        )
        conflicting = await post_to_claim(
            api, task, "finish", outcome="failed", note="No.", headers=key
        )

    assert ok_json(repeated) == ok_json(first)
    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert_problem(conflicting, 422, "idempotency_mismatch")


async def test_repeated_steps_are_stored_once(api: Api) -> None:
    """Reporting steps again with the same idempotency key adds none."""
    task, key = await claim_queued_deployment(api), {"Idempotency-Key": "steps-1"}

    for _ in range(2):
        ok_json(await post_to_claim(api, task, "steps", steps=[STEP_BODY], headers=key))

    assert ok_json(await api.get("/deployments/1/steps")) == {"items": [STEP_RESPONSE]}


async def test_deployment_past_its_deadline_fails(api: Api) -> None:
    """The system fails the deployment even if its lease was renewed, which frees the lane."""
    body = {"executor": {"kind": "simulated"}, "deadline_s": 10}
    ok_json(await api.put("/services/shop/targets/test", body))
    task = await claim_queued_deployment(api)
    await api.deployment(Status.QUEUED)
    await advance_time(api, seconds=9)
    ok_json(await post_to_claim(api, task, "renew"))
    status_before = ok_json(await api.get("/deployments/1"))["status"]

    await advance_time(api, seconds=1)

    failed = ok_json(await api.get("/deployments/1"))
    (*_, last) = await api.events(failed)
    assert (status_before, failed["status"], last["actor"]) == ("started", "failed", "system")
    assert (
        "The rollout was not finished by its deadline. Worker berlin-1 executed it last"
        in last["note"]
    )
    assert (await claim_task(api))["deployment"]["number"] == "DEP-2"


async def test_claim_survives_a_server_restart(database: Path, api: Api) -> None:
    """Workers continue with their claims after a restart."""
    task = await claim_queued_deployment(api)

    async with running_api(
        database, api.clock, create_app(allowed_hosts=frozenset({HOST}))
    ) as restarted:
        ok_json(await post_to_claim(restarted, task, "renew"))
        finished = ok_json(await finish_task(restarted, task))

    assert finished["status"] == "succeeded"
