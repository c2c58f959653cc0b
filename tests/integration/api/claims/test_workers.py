"""The list of workers: when each was last seen, and what it executes."""

from __future__ import annotations

from datetime import timedelta

from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json
from tests.support.http.worker_claims import (
    CLAIMS_PATH,
    claim_queued_deployment,
    finish_task,
    post_claim,
    post_to_claim,
)


async def workers(api: Api) -> list[Json]:
    items: list[Json] = ok_json(await api.get("/workers"))["items"]
    return items


async def test_waiting_worker_is_idle(api: Api) -> None:
    """A worker that asked for a task is in the list, with its release."""
    await post_claim(api, version="1.2.3")

    assert await workers(api) == [
        {
            "name": "berlin-1",
            "version": "1.2.3",
            "state": "idle",
            "last_seen_at": "2026-11-21T12:00:00Z",
            "claims": [],
        }
    ]


async def test_working_worker_shows_its_deployments(api: Api) -> None:
    """A claim is shown with its lease, until the deployment has ended."""
    task = await claim_queued_deployment(api, lease_s=15)

    (worker,) = await workers(api)
    assert worker["state"] == "working"
    assert worker["claims"] == [
        {
            "deployment": task["deployment"]["id"],
            "number": task["deployment"]["number"],
            "lease_until": task["leased_until"],
        }
    ]
    await finish_task(api, task)
    assert [(known["state"], known["claims"]) for known in await workers(api)] == [("idle", [])]


async def test_silent_worker_is_lost_after_its_lease(api: Api) -> None:
    """A killed worker shows as lost as soon as its lease has expired, and stays with its claim."""
    task = await claim_queued_deployment(api, lease_s=15)
    api.clock.advance(timedelta(seconds=15))
    assert (await workers(api))[0]["state"] == "working"

    api.clock.advance(timedelta(seconds=1))

    (worker,) = await workers(api)
    assert worker["state"] == "lost"
    assert worker["claims"][0]["number"] == task["deployment"]["number"]
    await api.post(CLAIMS_PATH, {"worker": "berlin-2"})
    assert [(known["name"], known["state"]) for known in await workers(api)] == [
        ("berlin-1", "lost"),
        ("berlin-2", "working"),
    ]


async def test_renewals_show_that_a_worker_is_alive(api: Api) -> None:
    """A renewal counts as a sign of life, and keeps the release that the worker named."""
    task = await claim_queued_deployment(api, lease_s=15, version="1.2.3")
    api.clock.advance(timedelta(seconds=14))
    ok_json(await post_to_claim(api, task, "renew"))
    api.clock.advance(timedelta(seconds=14))

    (worker,) = await workers(api)
    assert (worker["state"], worker["version"]) == ("working", "1.2.3")
    assert worker["last_seen_at"] == "2026-11-21T12:00:14Z"


async def test_waiting_workers_write_rarely(api: Api) -> None:
    """Claims within a few seconds store nothing again."""
    await post_claim(api)
    api.clock.advance(timedelta(seconds=8))
    await post_claim(api)
    assert (await workers(api))[0]["last_seen_at"] == "2026-11-21T12:00:00Z"

    api.clock.advance(timedelta(seconds=1))
    await post_claim(api)

    assert (await workers(api))[0]["last_seen_at"] == "2026-11-21T12:00:09Z"


async def test_only_workers_are_remembered(api: Api) -> None:
    """A user without the role of workers cannot add one; a malformed release is refused."""
    await api.post(CLAIMS_PATH, {"worker": "evil"}, headers=auth_header("viewer-only"))
    assert_problem(await post_claim(api, version="a b"), 422, "invalid", "#/version")

    assert await workers(api) == []
