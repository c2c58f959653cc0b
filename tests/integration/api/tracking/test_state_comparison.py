"""Comparing two states over HTTP: two times, two environments, or both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, created_json, ok_json

pytestmark = pytest.mark.every_database

DIFF = "/deployments/current/diff"


async def record(api: Api, day: int, environment: str, version: str, service: str = "shop") -> None:
    body = {
        "service": service,
        "environment": environment,
        "version": version,
        "deployed_at": f"2026-11-{day:02}T00:00:00Z",
    }
    created_json(await api.post("/deployments/record", body))


async def compare(api: Api, before: str, after: str | None = None, **filters: Any) -> Json:
    to = {} if after is None else {"to": after}
    return ok_json(await api.get(DIFF, params={"from": before, **to, **filters}))


def versions(body: Json) -> list[tuple[Any, ...]]:
    return [
        (
            cell["service"],
            cell["environment"],
            cell["difference"],
            *(cell[side] and cell[side]["version"] for side in ("from", "to")),
        )
        for cell in body["cells"]
    ]


@pytest.fixture
async def history(api: Api) -> Api:
    """1.0.0 in both environments on day 1, 1.1.0 in staging on day 10, `cart` on day 12."""
    created_json(await api.post("/services/shop/versions", {"version": "1.1.0"}))
    await record(api, 1, "staging", "1.0.0")
    await record(api, 1, "production", "1.0.0")
    await record(api, 10, "staging", "1.1.0")
    await record(api, 12, "production", "1.0.0", service="cart")
    return api


async def test_times_are_compared_in_every_environment(history: Api) -> None:
    """Without `to`, a time is compared with now; the filters limit both states."""
    whole = [
        ("cart", "production", "added", None, "1.0.0"),
        ("shop", "staging", "changed", "1.0.0", "1.1.0"),
    ]
    since = "2026-11-05T00:00:00Z"

    assert versions(await compare(history, since)) == whole
    assert versions(await compare(history, since, "2026-11-11T00:00:00Z")) == whole[1:]
    assert versions(await compare(history, since, environment="production")) == whole[:1]
    assert versions(await compare(history, since, service="shop")) == whole[1:]
    assert versions(await compare(history, since, tier="staging")) == whole[1:]
    (backwards,) = versions(await compare(history, "2026-11-13T00:00:00Z", "2026-11-11T00:00:00Z"))
    assert backwards == ("cart", "production", "removed", "1.0.0", None)


async def test_environments_are_compared_now_and_at_times(history: Api) -> None:
    """Each side may have a time; a side without an environment takes that of the other."""
    body = await compare(history, "staging", "production")

    assert versions(body) == [
        ("cart", None, "added", None, "1.0.0"),
        ("shop", None, "changed", "1.1.0", "1.0.0"),
    ]
    assert body["from"]["environment"] == "staging"
    assert body["to"] == {"at": "2026-11-21T12:00:00Z", "environment": "production"}
    cells = body["cells"][1]
    assert (cells["from"]["environment"], cells["to"]["environment"]) == ("staging", "production")
    past = await compare(history, "staging@2026-11-05T00:00:00Z", "production@2026-11-05T00:00:00Z")
    assert versions(past) == []
    same = await compare(history, "staging@2026-11-05T00:00:00Z", "staging")
    assert versions(same) == [("shop", "staging", "changed", "1.0.0", "1.1.0")]
    assert versions(await compare(history, "2026-11-05T00:00:00Z", "staging")) == versions(same)


async def test_version_deployed_again_does_not_differ(history: Api) -> None:
    """The comparison is about what runs, so a rollback that was undone leaves no difference."""
    before = NOON.isoformat()
    history.clock.advance(timedelta(hours=1))
    deployment = await history.deployment(Status.SUCCEEDED)

    assert versions(await compare(history, before)) == []
    ok_json(await history.perform(deployment, Action.ROLLBACK))
    assert versions(await compare(history, before)) == []


async def test_unchanged_differences_are_not_sent_again(history: Api) -> None:
    """The ETag depends on the differences and not on the time of the request."""
    params = {"from": "2026-11-05T00:00:00Z"}
    first = await history.get(DIFF, params=params)
    history.clock.advance(timedelta(minutes=1))

    again = await history.get(DIFF, params=params, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


@pytest.mark.parametrize(
    ("params", "code", "pointer"),
    [
        ({"from": "nowhere"}, "unknown_environment", "query/from"),
        ({"from": "staging", "to": "nowhere"}, "unknown_environment", "query/to"),
        ({"from": "yesterday"}, "unknown_environment", "query/from"),
        ({"from": ""}, "unknown_environment", "query/from"),
        ({"from": "@"}, "unknown_environment", "query/from"),
        ({"from": "staging@"}, "invalid", "query/from"),
        ({"from": "staging@yesterday"}, "invalid", "query/from"),
        ({"from": "2026-11-05T25:00:00Z"}, "invalid", "query/from"),
        ({"from": f"@{NOON.isoformat()}"}, "unknown_environment", "query/from"),
    ],
)
async def test_unknown_state_is_refused(
    api: Api, params: dict[str, str], code: str, pointer: str
) -> None:
    """What is neither a time nor an environment is an error that names both."""
    assert_problem(await api.get(DIFF, params=params), 422, code, pointer)
