"""The stream of events: each once, in order, from where somebody left off."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import httpx2
import pytest

from gatepost_domain.status import Action
from tests.support.http.api import Api, Json, assert_problem, auth_header
from tests.support.http.users import patch_user

STREAM = "/events/stream"


def told(response: httpx2.Response) -> list[tuple[int, Json]]:
    """The id and the event of each message."""
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("text/event-stream")
    messages = [block.splitlines() for block in response.text.split("\n\n")]
    return [
        (int(lines[0].removeprefix("id: ")), json.loads(lines[1].removeprefix("data: ")))
        for lines in messages
        if lines and lines[0].startswith("id: ")
    ]


async def test_every_event_is_told_once_and_in_order(api: Api) -> None:
    """From the first one on: the same that the list of events holds."""
    deployment = await api.create_deployment()
    await api.perform(deployment, Action.APPROVE, actor="quinn")

    messages = told(await api.get(STREAM, params={"after": 0}))

    assert [seq for seq, _ in messages] == list(range(1, len(messages) + 1))
    assert [event for _, event in messages] == await api.list_all("/events")


async def test_whoever_comes_back_misses_nothing(api: Api) -> None:
    """A browser sends by itself what it received last; that counts, not what it began with."""
    await api.create_deployment()
    whole = told(await api.get(STREAM, params={"after": 0}))
    middle = whole[len(whole) // 2][0]

    rest = told(await api.get(STREAM, params={"after": 0}, headers={"Last-Event-ID": str(middle)}))

    assert [seq for seq, _ in rest] == [seq for seq, _ in whole if seq > middle]


async def test_without_a_place_only_what_is_to_come_is_told(api: Api) -> None:
    """Nobody is sent years of history for having asked what happens now."""
    await api.create_deployment()

    assert told(await api.get(STREAM)) == []


@pytest.mark.parametrize("last", ["", "x", "-1", "1" * 19])
async def test_what_is_no_event_id_is_refused(api: Api, last: str) -> None:
    """With the place of the fault."""
    response = await api.get(STREAM, headers={"Last-Event-ID": last})

    assert_problem(response, 422, "invalid", "header/Last-Event-Id")


async def test_a_stream_ends_with_the_right_to_it(api: Api) -> None:
    """Somebody who is let in no more is told nothing more, however long they have listened."""
    shut = []

    def is_shutting_down() -> bool:
        shut.append(asyncio.create_task(patch_user(api, "eve", disabled=True)))
        return False

    api.app.state.context = replace(api.app.state.context, is_shutting_down=is_shutting_down)

    messages = told(await api.get(STREAM, headers=auth_header("eve")))

    assert messages == []
    assert await asyncio.gather(*shut)


async def test_nobody_follows_unknown(api: Api) -> None:
    """It is as closed as everything."""
    assert_problem(await api.get(STREAM, headers=auth_header("nobody")), 401, "unauthenticated")
