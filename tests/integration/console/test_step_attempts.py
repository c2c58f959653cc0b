"""The page of a deployment shows the rollout steps that workers report."""

from __future__ import annotations

from typing import Any

from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, Json, ok_json

AT = "2026-11-21T12:00:01Z"


def step_body(**changes: Any) -> Json:
    return {"kind": "check", "name": "stock", "state": "running", "at": AT, **changes}


async def claim_deployment(api: Api) -> tuple[Json, str]:
    """Return the task of a claimed deployment and the path of its claim."""
    queued = await api.create_deployment(environment="test")
    task = ok_json(await api.post("/worker/claims", {"worker": "berlin-1"}))
    assert task["deployment"]["number"] == queued["number"]
    return task, f"/worker/claims/{task['id']}"


async def test_a_queued_deployment_shows_that_it_waits_for_a_worker(
    api: Api, as_user: AsUser
) -> None:
    """The page says that the deployment waits for a worker, and does not poll."""
    queued = await api.create_deployment(environment="test")

    page = await (await as_user("ada")).open(f"/deployments/{queued['number']}")

    assert "Waiting for a worker." in visible_text(page)
    assert "data-poll" not in page


async def test_every_step_attempt_is_shown_while_the_rollout_runs(
    api: Api, as_user: AsUser
) -> None:
    """Each attempt is shown once, with its result, output and duration."""
    task, claim = await claim_deployment(api)
    fence = {"fencing_token": task["fencing_token"]}
    rollout = {"kind": "executor", "name": "command"}
    steps = [
        step_body(**rollout, detail="uploading <b>\n"),
        step_body(**rollout, detail="done\n"),
        step_body(**rollout, state="passed", detail="It ended with 0.", took_ms=9_050),
        step_body(),
        step_body(state="failed", detail="GET /stock answered 404, expected 200.", took_ms=3),
        step_body(tried=2),
    ]
    ok_json(await api.post(f"{claim}/steps", {**fence, "steps": steps}))

    page = await (await as_user("ada")).open(f"/deployments/{task['deployment']['number']}")

    text = visible_text(page)
    assert "uploading <b>" not in page
    for words in (
        "Passed Rollout It ended with 0.",
        "uploading <b> done",
        "Failed Check stock GET /stock answered 404, expected 200.",
        "Running Check stock",
        "try 2",
        "9.1 s",
        "3 ms",
        "worker:berlin-1",
    ):
        assert words in text
    assert "data-poll" in page  # the page polls while the rollout runs


async def test_a_finished_rollout_is_not_polled(api: Api, as_user: AsUser) -> None:
    """The page no longer polls, and it still shows the steps."""
    task, claim = await claim_deployment(api)
    result = {
        "fencing_token": task["fencing_token"],
        "outcome": "failed",
        "note": "Check stock failed.",
        "steps": [step_body(state="errored", detail="It did not answer.", took_ms=10_000)],
    }
    ok_json(await api.post(f"{claim}/finish", result))

    page = await (await as_user("ada")).open(f"/deployments/{task['deployment']['number']}")

    assert "Error Check stock It did not answer." in visible_text(page)
    assert "data-poll" not in page
