"""The event stream: each event once, in order, from where the client left off."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import httpx2
import pytest

from gatepost_api.http.open_stream_limit import OpenStreams
from gatepost_domain.status_transitions import Action
from tests.support.http.api import Api, Json, assert_problem, auth_header
from tests.support.http.users import patch_user

STREAM = "/events/stream"


def parse_messages(response: httpx2.Response) -> list[tuple[int, Json]]:
    """Return the id and the event of each message."""
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("text/event-stream")
    messages = [block.splitlines() for block in response.text.split("\n\n")]
    return [
        (int(lines[0].removeprefix("id: ")), json.loads(lines[1].removeprefix("data: ")))
        for lines in messages
        if lines and lines[0].startswith("id: ")
    ]


async def test_stream_sends_each_event_once_in_order(api: Api) -> None:
    """A stream from the first event on equals the list of events."""
    deployment = await api.create_deployment()
    await api.perform(deployment, Action.APPROVE, actor="quinn")

    messages = parse_messages(await api.get(STREAM, params={"after": 0}))

    assert [seq for seq, _ in messages] == list(range(1, len(messages) + 1))
    assert [event for _, event in messages] == await api.list_all("/events")


async def test_reconnecting_client_misses_nothing(api: Api) -> None:
    """The stream continues after the Last-Event-ID, which takes precedence over `after`."""
    await api.create_deployment()
    messages = parse_messages(await api.get(STREAM, params={"after": 0}))
    middle = messages[len(messages) // 2][0]

    later_messages = parse_messages(
        await api.get(STREAM, params={"after": 0}, headers={"Last-Event-ID": str(middle)})
    )

    assert [seq for seq, _ in later_messages] == [seq for seq, _ in messages if seq > middle]


async def test_stream_without_a_start_sends_only_new_events(api: Api) -> None:
    """By default, the stream does not send past events."""
    await api.create_deployment()

    assert parse_messages(await api.get(STREAM)) == []


@pytest.mark.parametrize("last", ["", "x", "-1", "1" * 19])
async def test_invalid_event_id_is_refused(api: Api, last: str) -> None:
    """The error points at the header."""
    response = await api.get(STREAM, headers={"Last-Event-ID": last})

    assert_problem(response, 422, "invalid", "header/Last-Event-ID")


async def test_stream_ends_when_access_ends(api: Api) -> None:
    """A user disabled while connected receives no more events."""
    changes = []

    def is_shutting_down() -> bool:
        changes.append(asyncio.create_task(patch_user(api, "eve", disabled=True)))
        return False

    api.app.state.context = replace(api.app.state.context, is_shutting_down=is_shutting_down)

    messages = parse_messages(await api.get(STREAM, headers=auth_header("eve")))

    assert messages == []
    assert await asyncio.gather(*changes)


async def test_stream_requires_a_token(api: Api) -> None:
    """A request with an unknown token is refused with 401."""
    assert_problem(await api.get(STREAM, headers=auth_header("nobody")), 401, "unauthenticated")


async def test_number_of_streams_of_a_user_is_limited(api: Api) -> None:
    """A user who has as many as are allowed is refused until one ends; other users are not."""
    streams = OpenStreams(1)
    api.app.state.context = replace(api.app.state.context, open_streams=streams)

    with streams.counted_stream("ada"):
        refused = await api.get(STREAM, headers=auth_header("ada"))
        assert (await api.get(STREAM, headers=auth_header("bo"))).status_code == 200

    assert_problem(refused, 429, "too_many_streams")
    assert refused.headers["Retry-After"] == "5"
    assert (await api.get(STREAM, headers=auth_header("ada"))).status_code == 200
