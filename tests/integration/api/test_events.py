"""The history over HTTP: oldest first, without gaps, and checkable by anybody."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from gatepost_domain.status import Action, Status
from tests.support.http.api import Api, Json, assert_problem, ok_json


@pytest.mark.parametrize("after", ["-1", "1.5", "null", "", "x", "1000000000000000001", "9" * 5000])
async def test_a_place_that_no_event_has_is_refused(api: Api, after: str) -> None:
    """Events are asked for behind a `seq`, which is a whole number from 0 on."""
    assert_problem(await api.get(f"/events?after={after}"), 422, "invalid", "query/after")


async def test_the_events_of_a_deployment_are_oldest_first(api: Api) -> None:
    """From the request to the outcome, each in its place, in parts as in the whole."""
    deployment = await api.deployment(Status.ROLLED_BACK)
    await api.create_deployment()

    events = await api.events(deployment)
    parts = await api.list_all(f"/deployments/{deployment['id']}/events", limit=2)

    assert [event["kind"] for event in events] == [
        "requested",
        "approved",
        "approved",
        "started",
        "rolled_back",
    ]
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    assert {event["deployment_id"] for event in events} == {deployment["id"]}
    assert parts == events


async def test_all_events_are_counted_without_a_gap(api: Api) -> None:
    """Whatever happens, to deployments or to the catalog, has the next number."""
    await api.deployment(Status.SUCCEEDED)
    await api.deployment(Status.QUEUED)
    await api.version("1.0.1")

    events = await api.list_all("/events", limit=5)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["kind"] == "version_registered"


@pytest.mark.parametrize("after", [0, 1, 5, 10, 11, 10**18])
async def test_events_can_be_read_from_any_place_on(api: Api, after: int) -> None:
    """Who remembers the last `seq` gets exactly what came behind it."""
    await api.create_deployment()
    await api.create_deployment()
    whole = await api.list_all("/events")

    behind = await api.list_all("/events", after=after, limit=3)
    assert behind == [event for event in whole if event["seq"] > after]


async def test_a_reader_of_events_misses_nothing_that_comes_later(api: Api) -> None:
    """At the end of the history, waiting for more means to ask again behind the last one."""
    last = (await api.list_all("/events"))[-1]["seq"]
    assert await api.list_all("/events", after=last) == []

    deployment = await api.create_deployment()
    assert await api.list_all("/events", after=last) == await api.events(deployment)


async def test_a_cursor_goes_before_a_place(api: Api) -> None:
    """A next part stays the next part, whatever else the link says."""
    first = ok_json(await api.get("/events?limit=3&after=2"))

    params = {"limit": 3, "after": 0, "cursor": first["next_cursor"]}
    following = ok_json(await api.get("/events", params=params))
    assert [event["seq"] for event in following["items"]] == [6, 7, 8]


def recomputed(event: Json) -> str:
    """What the document tells an auditor to compute: no code of Gatepost's is used."""
    hashed = {name: value for name, value in event.items() if name != "hash"}
    whole, _, fraction = event["at"].removesuffix("Z").partition(".")
    hashed["at"] = f"{whole}.{fraction:0<6}Z"
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


async def test_anybody_can_recompute_the_chain(api: Api) -> None:
    """A JSON encoder and SHA-256 are enough to check that no event was changed or slipped in."""
    deployment = await api.deployment(Status.FAILED, notes='Zürich 👍 " \\ \u2028')
    await api.perform(deployment, Action.APPROVE)
    events = await api.list_all("/events")

    before, before_of = "0" * 64, dict[str, str]()
    for event in events:
        of = event["deployment_id"]
        assert event["hash"] == recomputed(event)
        assert event["prev_hash"] == before
        assert event["deployment_prev_hash"] == (of and before_of.get(of, "0" * 64))
        before = before_of[of] = event["hash"]


async def test_times_keep_their_microseconds(api: Api) -> None:
    """The time that was hashed is the time that is told."""
    api.clock.at = api.clock.at.replace(microsecond=10)
    deployment = await api.create_deployment()

    (event,) = await api.events(deployment)
    assert event["at"] == deployment["created_at"] == "2026-11-21T12:00:00.000010Z"
    assert event["hash"] == recomputed(event)
