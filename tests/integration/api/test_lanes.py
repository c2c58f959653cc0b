"""Lanes: what waits goes on by itself, makes way for what is newer, or is not even queued."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gatepost_domain.status import Action
from tests.support.api import Api, Json, assert_problem, ok_json

LANE: Final = "/environments/farm/policy"


async def farm(api: Api, **policy: Any) -> None:
    """An environment without reviewers, where everything starts by itself unless told otherwise."""
    await api.post("/environments", {"name": "farm", "tier": "test"})
    ok_json(await api.put(LANE, {"auto_start": True, **policy}))


async def ask(api: Api, version: str = "1.0.0", **changes: Any) -> Json:
    return await api.create_deployment(environment="farm", version=version, **changes)


async def now(api: Api, *deployments: Json) -> list[str]:
    return [
        ok_json(await api.get(f"/deployments/{each['number']}"))["status"] for each in deployments
    ]


@pytest.mark.parametrize("ending", [Action.SUCCEED, Action.FAIL, Action.ROLLBACK])
async def test_what_waited_for_its_lane_goes_on_by_itself(api: Api, ending: Action) -> None:
    """In the order it was asked for, one at a time, by the system, untouched by hand."""
    await farm(api)
    first, second, third = [await ask(api) for _ in range(3)]
    assert await now(api, first, second, third) == ["started", "approved", "approved"]

    ok_json(await api.perform(first, ending))

    assert (await now(api, second, third)) == ["started", "approved"]
    event = (await api.events(second))[-1]
    assert (event["kind"], event["actor"]) == ("started", "system")
    ok_json(await api.perform(second, Action.SUCCEED))
    assert await now(api, third) == ["started"]


async def test_what_nobody_asked_to_start_by_itself_waits_for_somebody(api: Api) -> None:
    """A free lane is no reason to start what a person wants to start."""
    await farm(api)
    first, second = await ask(api), await ask(api, start=False)

    ok_json(await api.perform(first, Action.FAIL))

    assert await now(api, second) == ["approved"]


async def test_what_goes_ahead_ends_those_before_it_where_the_policy_says_so(api: Api) -> None:
    """Pending, approved or queued; what has started and what is newer stays."""
    await farm(api, auto_start=False, lane="supersede")
    started, old, newer, newest = [await ask(api) for _ in range(4)]
    ok_json(await api.perform(started, Action.START))
    assert_problem(await api.perform(newer, Action.START), 409, "lane_busy")
    assert await now(api, old, newest) == ["approved", "approved"]
    ok_json(await api.perform(started, Action.FAIL))

    ok_json(await api.perform(newer, Action.START))

    assert await now(api, started, old, newer, newest) == [
        "failed",
        "cancelled",
        "started",
        "approved",
    ]
    ended = ok_json(await api.get(f"/deployments/{old['number']}"))
    assert (ended["cancel_reason"], ended["superseded_by"]) == ("superseded", newer["id"])
    event = (await api.events(old))[-1]
    assert (event["actor"], event["data"]["superseded_by"]) == ("system", newer["id"])
    assert event["note"] == f"Superseded by {newer['number']} (1.0.0), requested later."


async def test_among_workers_what_is_queued_ends_what_was_queued_before(api: Api) -> None:
    """Only the newest is carried out."""
    await farm(api, execution="worker", lane="supersede")

    first, second, third = [await ask(api) for _ in range(3)]

    assert await now(api, first, second, third) == ["cancelled", "cancelled", "queued"]


async def test_among_workers_each_is_queued_unless_the_policy_says_otherwise(api: Api) -> None:
    """First in, first out."""
    await farm(api, execution="worker")

    assert await now(api, await ask(api), await ask(api)) == ["queued", "queued"]


async def test_a_busy_lane_takes_no_queue_where_the_policy_refuses_one(api: Api) -> None:
    """A start is 409; what starts by itself stays approved, and is queued once the lane is free."""
    await farm(api)
    busy = await ask(api)
    ok_json(await api.put(LANE, {"execution": "worker", "auto_start": True, "lane": "reject"}))
    by_itself, by_hand = await ask(api), await ask(api, start=False)
    assert await now(api, by_itself, by_hand) == ["approved", "approved"]
    assert_problem(await api.perform(by_hand, Action.START), 409, "lane_busy")
    offers = ok_json(await api.get(f"/deployments/{by_hand['number']}/gates"))["actions"]
    assert {offer["action"]: offer["allowed"] for offer in offers}["start"] is False

    ok_json(await api.perform(busy, Action.FAIL))

    assert await now(api, by_itself, by_hand) == ["queued", "approved"]


async def test_an_open_request_keeps_the_lane_it_was_asked_under(api: Api) -> None:
    """An edited policy changes nothing for what waits already."""
    await farm(api, auto_start=False)
    old, newer = await ask(api), await ask(api)
    ok_json(await api.put(LANE, {"auto_start": False, "lane": "supersede"}))

    ok_json(await api.perform(newer, Action.START))

    assert await now(api, old) == ["approved"]
