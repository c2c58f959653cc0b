"""Lanes: waiting deployments resume automatically, are superseded, or are not queued at all."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, assert_problem, ok_json

POLICY_PATH: Final = "/environments/farm/policy"


async def create_farm_environment(api: Api, **policy: Any) -> None:
    """Create an environment without reviewers and, by default, with automatic starts."""
    await api.post("/environments", {"name": "farm", "tier": "test"})
    ok_json(await api.put(POLICY_PATH, {"auto_start": True, **policy}))


async def create_deployment(api: Api, version: str = "1.0.0", **changes: Any) -> Json:
    return await api.create_deployment(environment="farm", version=version, **changes)


async def current_statuses(api: Api, *deployments: Json) -> list[str]:
    return [
        ok_json(await api.get(f"/deployments/{deployment['number']}"))["status"]
        for deployment in deployments
    ]


@pytest.mark.parametrize("outcome", [Action.SUCCEED, Action.FAIL, Action.ROLLBACK])
async def test_waiting_deployment_resumes_when_the_lane_is_free(api: Api, outcome: Action) -> None:
    """The system starts waiting deployments one at a time, in the order of creation."""
    await create_farm_environment(api)
    first, second, third = [await create_deployment(api) for _ in range(3)]
    assert await current_statuses(api, first, second, third) == ["started", "approved", "approved"]

    ok_json(await api.perform(first, outcome))

    assert (await current_statuses(api, second, third)) == ["started", "approved"]
    event = (await api.events(second))[-1]
    assert (event["kind"], event["actor"]) == ("started", "system")
    ok_json(await api.perform(second, Action.SUCCEED))
    assert await current_statuses(api, third) == ["started"]


async def test_deployment_without_automatic_start_keeps_waiting(api: Api) -> None:
    """A free lane does not start a deployment that must be started by a person."""
    await create_farm_environment(api)
    first, second = await create_deployment(api), await create_deployment(api, start=False)

    ok_json(await api.perform(first, Action.FAIL))

    assert await current_statuses(api, second) == ["approved"]


async def test_starting_a_deployment_supersedes_older_ones(api: Api) -> None:
    """Older deployments that have not started are cancelled; started and newer ones are not."""
    await create_farm_environment(api, auto_start=False, lane="supersede")
    started, old, newer, newest = [await create_deployment(api) for _ in range(4)]
    ok_json(await api.perform(started, Action.START))
    assert_problem(await api.perform(newer, Action.START), 409, "lane_busy")
    assert await current_statuses(api, old, newest) == ["approved", "approved"]
    ok_json(await api.perform(started, Action.FAIL))

    ok_json(await api.perform(newer, Action.START))

    assert await current_statuses(api, started, old, newer, newest) == [
        "failed",
        "cancelled",
        "started",
        "approved",
    ]
    superseded = ok_json(await api.get(f"/deployments/{old['number']}"))
    assert (superseded["cancel_reason"], superseded["superseded_by"]) == ("superseded", newer["id"])
    event = (await api.events(old))[-1]
    assert (event["actor"], event["data"]["superseded_by"]) == ("system", newer["id"])
    assert event["note"] == f"Superseded by {newer['number']} (1.0.0), which was requested later."


async def test_queuing_a_deployment_supersedes_queued_ones(api: Api) -> None:
    """In lane mode `supersede`, queuing a deployment cancels the older ones in the queue."""
    await create_farm_environment(api, execution="worker", lane="supersede")

    first, second, third = [await create_deployment(api) for _ in range(3)]

    assert await current_statuses(api, first, second, third) == ["cancelled", "cancelled", "queued"]


async def test_deployments_queue_in_order_by_default(api: Api) -> None:
    """In the default lane mode, a newer deployment leaves the older one in the queue."""
    await create_farm_environment(api, execution="worker")

    assert await current_statuses(
        api, await create_deployment(api), await create_deployment(api)
    ) == ["queued", "queued"]


async def test_busy_lane_refuses_a_queue(api: Api) -> None:
    """In lane mode `reject`, a manual start in a busy lane returns 409.

    An automatic start is queued once the lane is free.
    """
    await create_farm_environment(api)
    started = await create_deployment(api)
    ok_json(
        await api.put(POLICY_PATH, {"execution": "worker", "auto_start": True, "lane": "reject"})
    )
    automatic, manual = await create_deployment(api), await create_deployment(api, start=False)
    assert await current_statuses(api, automatic, manual) == ["approved", "approved"]
    assert_problem(await api.perform(manual, Action.START), 409, "lane_busy")
    offers = ok_json(await api.get(f"/deployments/{manual['number']}/gates"))["actions"]
    assert {offer["action"]: offer["allowed"] for offer in offers}["start"] is False

    ok_json(await api.perform(started, Action.FAIL))

    assert await current_statuses(api, automatic, manual) == ["queued", "approved"]


async def test_open_deployment_keeps_its_lane_mode(api: Api) -> None:
    """A policy change does not affect deployments that are already waiting."""
    await create_farm_environment(api, auto_start=False)
    old, newer = await create_deployment(api), await create_deployment(api)
    ok_json(await api.put(POLICY_PATH, {"auto_start": False, "lane": "supersede"}))

    ok_json(await api.perform(newer, Action.START))

    assert await current_statuses(api, old) == ["approved"]
