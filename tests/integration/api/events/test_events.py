"""The event log over HTTP: oldest first, without gaps, and verifiable with any SHA-256 tool."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, Json, assert_problem, ok_json


@pytest.mark.parametrize("after", ["-1", "1.5", "null", "", "x", "1000000000000000001", "9" * 5000])
async def test_invalid_after_is_refused(api: Api, after: str) -> None:
    """The parameter `after` must be a `seq`, which is a whole number from 0."""
    assert_problem(await api.get(f"/events?after={after}"), 422, "invalid", "query/after")


async def test_events_of_a_deployment_are_oldest_first(api: Api) -> None:
    """The pages together equal the whole list, from the request to the outcome."""
    deployment = await api.deployment(Status.ROLLED_BACK)
    await api.create_deployment()

    events = await api.events(deployment)
    pages = await api.list_all(f"/deployments/{deployment['id']}/events", limit=2)

    assert [event["kind"] for event in events] == [
        "requested",
        "approved",
        "approved",
        "started",
        "rolled_back",
    ]
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    assert {event["deployment_id"] for event in events} == {deployment["id"]}
    assert pages == events


async def test_event_numbers_have_no_gaps(api: Api) -> None:
    """Each event for a deployment or the catalog has the next number."""
    await api.deployment(Status.SUCCEEDED)
    await api.deployment(Status.QUEUED)
    await api.version("1.0.1")

    events = await api.list_all("/events", limit=5)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["kind"] == "version_registered"


@pytest.mark.parametrize("after", [0, 1, 5, 10, 11, 10**18])
async def test_events_can_be_read_after_any_number(api: Api, after: int) -> None:
    """A reader that stores the last `seq` receives exactly the events after it."""
    await api.create_deployment()
    await api.create_deployment()
    all_events = await api.list_all("/events")

    later_events = await api.list_all("/events", after=after, limit=3)
    assert later_events == [event for event in all_events if event["seq"] > after]


async def test_reader_at_the_end_gets_later_events(api: Api) -> None:
    """Reading again after the last `seq` returns the new events."""
    last = (await api.list_all("/events"))[-1]["seq"]
    assert await api.list_all("/events", after=last) == []

    deployment = await api.create_deployment()
    assert await api.list_all("/events", after=last) == await api.events(deployment)


async def test_cursor_takes_precedence_over_after(api: Api) -> None:
    """The cursor leads to the next page regardless of `after`."""
    first = ok_json(await api.get("/events?limit=3&after=2"))

    params = {"limit": 3, "after": 0, "cursor": first["next_cursor"]}
    following = ok_json(await api.get("/events", params=params))
    assert [event["seq"] for event in following["items"]] == [6, 7, 8]


def compute_hash(event: Json) -> str:
    """Compute an event's hash as the OpenAPI document describes it, without Gatepost code."""
    hashed = {name: value for name, value in event.items() if name != "hash"}
    seconds, _, fraction = event["at"].removesuffix("Z").partition(".")
    hashed["at"] = f"{seconds}.{fraction:0<6}Z"
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


async def test_chain_can_be_verified_independently(api: Api) -> None:
    """A JSON encoder and SHA-256 suffice to show that no event was changed or inserted."""
    deployment = await api.deployment(Status.FAILED, notes='Zürich 👍 " \\ \u2028')
    await api.perform(deployment, Action.APPROVE)
    events = await api.list_all("/events")

    previous_hash, previous_hashes = "0" * 64, dict[str, str]()
    for event in events:
        deployment_id = event["deployment_id"]
        assert event["hash"] == compute_hash(event)
        assert event["prev_hash"] == previous_hash
        assert event["deployment_prev_hash"] == (
            deployment_id and previous_hashes.get(deployment_id, "0" * 64)
        )
        previous_hash = previous_hashes[deployment_id] = event["hash"]


async def test_times_keep_microseconds(api: Api) -> None:
    """The API returns times with the same microseconds that are hashed."""
    api.clock.at = api.clock.at.replace(microsecond=10)
    deployment = await api.create_deployment()

    (event,) = await api.events(deployment)
    assert event["at"] == deployment["created_at"] == "2026-11-21T12:00:00.000010Z"
    assert event["hash"] == compute_hash(event)
