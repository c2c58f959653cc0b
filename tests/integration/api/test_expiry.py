"""Expiry: what nobody acts on in time is cancelled by the system, as the policy says."""

from __future__ import annotations

from typing import Any

from gatepost_domain.status import Action
from tests.support.api import Api, Json, created_json, ok_json
from tests.support.ticking import advance_time

QA: Json = {"approval_stages": [{"name": "qa", "rules": [{"group": "qa"}]}]}


async def hasty(api: Api, **policy: Any) -> None:
    """An environment in which everything has an hour."""
    created_json(await api.post("/environments", {"name": "hasty", "tier": "staging"}))
    policy = QA | {"approval_expires_s": 3600} | policy
    ok_json(await api.put("/environments/hasty/policy", policy))


async def stands(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['number']}"))


async def test_a_request_that_nobody_reviews_expires(api: Api) -> None:
    """At its time, not before; the event is the system's and says why."""
    await hasty(api)
    waits = await api.create_deployment(environment="hasty")
    assert waits["expires_at"] == "2026-11-21T13:00:00Z"
    await advance_time(api, minutes=59)
    assert (await stands(api, waits))["status"] == "pending_approval"

    await advance_time(api, minutes=1)

    expired = await stands(api, waits)
    assert (expired["status"], expired["cancel_reason"]) == ("cancelled", "expired")
    assert expired["expires_at"] is None
    event = (await api.events(waits))[-1]
    assert (event["kind"], event["actor"], event["data"]["reason"]) == (
        "cancelled",
        "system",
        "expired",
    )
    assert event["note"] == "Not approved within the time that the policy of hasty allows."


async def test_an_approval_expires_too(api: Api) -> None:
    """An old approval ships nothing: it has as long to start as it had to be approved."""
    await hasty(api)
    waits = await api.create_deployment(environment="hasty")
    await advance_time(api, minutes=50)
    approved = ok_json(await api.perform(waits, Action.APPROVE, actor="quinn"))
    assert approved["expires_at"] == "2026-11-21T13:50:00Z"
    await advance_time(api, minutes=59)
    assert (await stands(api, waits))["status"] == "approved"

    await advance_time(api, minutes=1)

    assert (await stands(api, waits))["cancel_reason"] == "expired"


async def test_what_waits_for_a_worker_expires_too(api: Api) -> None:
    """A queue is no place to grow old in."""
    await hasty(api, approval_stages=[], execution="worker", auto_start=True)
    queued = await api.create_deployment(environment="hasty")
    assert queued["status"] == "queued"

    await advance_time(api, hours=1)

    assert (await stands(api, queued))["cancel_reason"] == "expired"


async def test_what_has_started_never_expires(api: Api) -> None:
    """A rollout is interrupted by nothing."""
    await hasty(api, approval_stages=[])
    started = await api.create_deployment(environment="hasty")
    assert ok_json(await api.perform(started, Action.START))["expires_at"] is None

    await advance_time(api, days=30)

    assert (await stands(api, started))["status"] == "started"


async def test_a_policy_without_a_limit_waits_for_ever(api: Api) -> None:
    """And what was asked under another policy keeps to that one."""
    waits = await api.create_deployment()
    ok_json(await api.put("/environments/production/policy", {"approval_expires_s": 1}))

    await advance_time(api, days=3650)

    assert (waits["expires_at"], (await stands(api, waits))["status"]) == (
        None,
        "pending_approval",
    )
