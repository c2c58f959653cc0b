"""Approval expiry: the system cancels deployments that wait longer than the policy allows."""

from __future__ import annotations

from typing import Any

from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, created_json, ok_json
from tests.support.http.clock import advance_time

QA: Json = {"approval_stages": [{"name": "qa", "rules": [{"group": "qa"}]}]}


async def create_hasty_environment(api: Api, **changes: Any) -> None:
    """Create an environment in which deployments expire after an hour."""
    created_json(await api.post("/environments", {"name": "hasty", "tier": "staging"}))
    changes = QA | {"approval_expires_s": 3600} | changes
    ok_json(await api.put("/environments/hasty/policy", changes))


async def get_deployment(api: Api, deployment: Json) -> Json:
    return ok_json(await api.get(f"/deployments/{deployment['number']}"))


async def test_unreviewed_deployment_expires(api: Api) -> None:
    """The deployment expires when its limit is reached, not before. The system's event says why."""
    await create_hasty_environment(api)
    deployment = await api.create_deployment(environment="hasty")
    assert deployment["expires_at"] == "2026-11-21T13:00:00Z"
    await advance_time(api, minutes=59)
    assert (await get_deployment(api, deployment))["status"] == "pending_approval"

    await advance_time(api, minutes=1)

    expired = await get_deployment(api, deployment)
    assert (expired["status"], expired["cancel_reason"]) == ("cancelled", "expired")
    assert expired["expires_at"] is None
    event = (await api.events(deployment))[-1]
    assert (event["kind"], event["actor"], event["data"]["reason"]) == (
        "cancelled",
        "system",
        "expired",
    )
    assert (
        event["note"]
        == "The deployment was not approved within the time that the policy of hasty allows."
    )


async def test_approved_deployment_expires(api: Api) -> None:
    """The time limit begins again at the approval, and the deployment must start within it."""
    await create_hasty_environment(api)
    deployment = await api.create_deployment(environment="hasty")
    await advance_time(api, minutes=50)
    approved = ok_json(await api.perform(deployment, Action.APPROVE, actor="quinn"))
    assert approved["expires_at"] == "2026-11-21T13:50:00Z"
    await advance_time(api, minutes=59)
    assert (await get_deployment(api, deployment))["status"] == "approved"

    await advance_time(api, minutes=1)

    assert (await get_deployment(api, deployment))["cancel_reason"] == "expired"


async def test_queued_deployment_expires(api: Api) -> None:
    """A queued deployment expires if no worker claims it within the time limit."""
    await create_hasty_environment(api, approval_stages=[], execution="worker", auto_start=True)
    queued = await api.create_deployment(environment="hasty")
    assert queued["status"] == "queued"

    await advance_time(api, hours=1)

    assert (await get_deployment(api, queued))["cancel_reason"] == "expired"


async def test_started_deployment_never_expires(api: Api) -> None:
    """The time limit ends with the start, so a rollout in progress is never interrupted."""
    await create_hasty_environment(api, approval_stages=[])
    started = await api.create_deployment(environment="hasty")
    assert ok_json(await api.perform(started, Action.START))["expires_at"] is None

    await advance_time(api, days=30)

    assert (await get_deployment(api, started))["status"] == "started"


async def test_deployment_without_a_limit_never_expires(api: Api) -> None:
    """A limit set by a later policy version does not affect an existing deployment."""
    deployment = await api.create_deployment()
    ok_json(await api.put("/environments/production/policy", {"approval_expires_s": 1}))

    await advance_time(api, days=3650)

    assert (deployment["expires_at"], (await get_deployment(api, deployment))["status"]) == (
        None,
        "pending_approval",
    )
