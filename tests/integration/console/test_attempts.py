"""What workers tell of a rollout, on the page of its deployment."""

from __future__ import annotations

from typing import Any

from tests.integration.console.conftest import As
from tests.support.console import visible_text
from tests.support.http.api import Api, Json, ok_json

AT = "2026-11-21T12:00:01Z"


def a_step(**told: Any) -> Json:
    return {"kind": "check", "name": "stock", "state": "running", "at": AT, **told}


async def claimed(api: Api) -> tuple[Json, str]:
    """A deployment that a worker has taken, and the address of its claim."""
    queued = await api.create_deployment(environment="test")
    task = ok_json(await api.post("/worker/claims", {"worker": "berlin-1"}))
    assert task["deployment"]["number"] == queued["number"]
    return task, f"/worker/claims/{task['id']}"


async def test_what_is_queued_waits_for_a_worker(api: Api, as_somebody: As) -> None:
    """And says so."""
    queued = await api.create_deployment(environment="test")

    page = await (await as_somebody("ada")).open(f"/deployments/{queued['number']}")

    assert "Waiting for a worker." in visible_text(page)
    assert "data-again" not in page


async def test_every_try_is_shown_as_it_goes(api: Api, as_somebody: As) -> None:
    """Each once, with how it ended, what it told meanwhile, and how often it was tried."""
    task, claim = await claimed(api)
    fence = {"fencing_token": task["fencing_token"]}
    rollout = {"kind": "executor", "name": "command"}
    steps = [
        a_step(**rollout, detail="uploading <b>\n"),
        a_step(**rollout, detail="done\n"),
        a_step(**rollout, state="passed", detail="It ended with 0.", took_ms=9_050),
        a_step(),
        a_step(state="failed", detail="GET /stock answered 404, expected 200.", took_ms=3),
        a_step(tried=2),
    ]
    ok_json(await api.post(f"{claim}/steps", {**fence, "steps": steps}))

    page = await (await as_somebody("ada")).open(f"/deployments/{task['deployment']['number']}")

    told = visible_text(page)
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
        assert words in told
    assert "data-again" in page  # it is asked for anew until it has ended


async def test_what_has_ended_is_asked_for_no_more(api: Api, as_somebody: As) -> None:
    """Its steps stay."""
    task, claim = await claimed(api)
    ended = {
        "fencing_token": task["fencing_token"],
        "outcome": "failed",
        "note": "Check stock failed.",
        "steps": [a_step(state="errored", detail="It did not answer.", took_ms=10_000)],
    }
    ok_json(await api.post(f"{claim}/finish", ended))

    page = await (await as_somebody("ada")).open(f"/deployments/{task['deployment']['number']}")

    assert "Error Check stock It did not answer." in visible_text(page)
    assert "data-again" not in page
