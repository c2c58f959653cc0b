"""What stands where: now, at any past instant, and after it was rolled back or retired."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, created_json, ok_json
from tests.support.http.users import create_user

LANES: Final = [("cart", "production"), ("shop", "production"), ("shop", "staging")]


async def record(api: Api, at: str, service: str = "shop", environment: str = "production") -> Json:
    body = {"service": service, "environment": environment, "version": "1.0.0", "deployed_at": at}
    return created_json(await api.post("/deployments/record", body))


async def lanes(api: Api, path: str = "/deployments/current", **params: Any) -> list[Any]:
    state = ok_json(await api.get(path, params=params))
    return [(cell["service"], cell["environment"]) for cell in state["cells"]]


async def test_the_matrix_has_a_cell_where_something_stands(api: Api) -> None:
    """By service, then environment; filters narrow it, each to any of its values."""
    for service, environment in reversed(LANES):
        await record(api, "2026-11-20T00:00:00Z", service, environment)

    assert await lanes(api) == LANES
    assert await lanes(api, service="shop") == LANES[1:]
    assert await lanes(api, environment=["staging", "test"]) == LANES[2:]
    assert await lanes(api, tier="production", service=["shop", "cart"]) == LANES[:2]
    assert await lanes(api, service="nobody") == []
    assert await lanes(api, "/services/shop/deployments/current") == LANES[1:]
    assert await lanes(api, "/environments/production/deployments/current") == LANES[:2]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/services/nobody/deployments/current", "unknown_service"),
        ("/environments/nowhere/deployments/current", "unknown_environment"),
        ("/services/nobody/deployments", "unknown_service"),
        ("/environments/nowhere/deployments", "unknown_environment"),
    ],
)
async def test_what_is_not_there_has_no_state_and_no_history(
    api: Api, path: str, code: str
) -> None:
    """It is not merely empty."""
    assert_problem(await api.get(path), 404, code)


@pytest.mark.parametrize("at", ["yesterday", "2026-11-21", "0.5", "null", ""])
@pytest.mark.parametrize("path", ["/deployments/current", "/services/shop/deployments/current"])
async def test_an_instant_that_cannot_be_read_is_refused(api: Api, path: str, at: str) -> None:
    """Nobody is told what stood at another one."""
    assert_problem(await api.get(path, params={"at": at}), 422, "invalid", "query/at")


async def test_a_deployment_stands_from_its_success_until_it_is_rolled_back(api: Api) -> None:
    """Then what stood before stands again; each instant keeps its own answer."""
    before = await record(api, "2026-11-01T00:00:00Z")
    api.clock.advance(timedelta(hours=1))
    done = await api.deployment(Status.SUCCEEDED)
    assert done["deployed_by"] == "owner"
    api.clock.advance(timedelta(hours=1))
    ok_json(await api.perform(done, Action.ROLLBACK))

    async def number(hours: float | None = None) -> str:
        at = {} if hours is None else {"at": (NOON + timedelta(hours=hours)).isoformat()}
        state = ok_json(await api.get("/deployments/current", params=at))
        text: str = state["cells"][0]["number"]
        return text

    assert await number() == before["number"]
    assert await number(0.99) == before["number"]
    assert await number(1) == done["number"]
    assert await number(1.99) == done["number"]
    assert await number(2) == before["number"]


async def test_what_is_on_its_way_is_told_beside_what_stands(api: Api) -> None:
    """Of now; the past is over."""
    await record(api, "2026-11-01T00:00:00Z")
    started = await api.deployment(Status.STARTED)

    (cell,) = ok_json(await api.get("/deployments/current"))["cells"]
    coming = {"deployment_id": started["id"], "number": started["number"], "version": "1.0.0"}
    assert cell["in_progress"] == coming | {"status": "started"}
    past = ok_json(await api.get("/deployments/current", params={"at": "2026-11-21T12:00:00Z"}))
    assert past["cells"][0]["in_progress"] is None


async def retire(api: Api, **options: Any) -> Any:
    path = "/api/v1/services/shop/targets/production"
    return await api.client.delete(path, **options)


async def test_a_retired_target_leaves_the_matrix_from_that_instant(api: Api) -> None:
    """What stood before is still told of then, and a later deployment revives it."""
    await record(api, "2026-11-01T00:00:00Z")

    body = ok_json(await retire(api, params={"at": "2026-11-10T00:00:00Z"}))

    assert body == {
        "service": "shop",
        "environment": "production",
        "retired_at": "2026-11-10T00:00:00Z",
    }
    assert await lanes(api) == []
    assert await lanes(api, at="2026-11-09T23:59:59Z") == [("shop", "production")]
    assert await lanes(api, at="2026-11-10T00:00:00Z") == []
    await record(api, "2026-11-05T00:00:00Z")
    assert await lanes(api) == []
    await record(api, "2026-11-11T00:00:00Z")
    assert await lanes(api) == [("shop", "production")]


async def test_a_target_is_retired_in_the_past_by_an_admin_only(api: Api) -> None:
    """An operator retires it now; nobody in the future; nothing where nothing ever stood."""
    assert_problem(await retire(api), 404, "unknown_target")
    await record(api, "2026-11-01T00:00:00Z")
    operator = dict(await create_user(api, "mo", Role.OPERATOR))

    past = {"at": "2026-11-10T00:00:00Z"}
    assert_problem(await retire(api, params=past, headers=operator), 403, "forbidden")
    later = {"at": "2026-11-21T12:00:01Z"}
    assert_problem(await retire(api, params=later), 422, "at_in_future", "#/at")
    assert ok_json(await retire(api, headers=operator))["retired_at"] == "2026-11-21T12:00:00Z"


async def test_an_unchanged_state_is_not_sent_again(api: Api) -> None:
    """Its ETag changes with the cells, not with whatever else happens or with the time."""
    await record(api, "2026-11-20T00:00:00Z")
    first = await api.get("/deployments/current")
    known = {"If-None-Match": first.headers["ETag"]}

    api.clock.advance(timedelta(hours=1))
    await api.create_deployment()
    assert (await api.get("/deployments/current", headers=known)).status_code == 304
    await record(api, "2026-11-20T00:00:01Z")

    assert (await api.get("/deployments/current", headers=known)).status_code == 200


async def test_the_history_pages_neither_skip_nor_repeat_while_rows_are_added(api: Api) -> None:
    """Back-dated ones among them."""
    for day in (1, 3, 5):
        await record(api, f"2026-11-0{day}T00:00:00Z")
    path, params = "/services/shop/deployments", {"limit": 2}
    first = ok_json(await api.get(path, params=params))

    for day in (2, 4, 6):
        await record(api, f"2026-11-0{day}T00:00:00Z")
    second = await api.get(path, params=params | {"cursor": first["next_cursor"]})
    rest = ok_json(second)

    days = [each["deployed_at"][8:10] for each in first["items"] + rest["items"]]
    assert days == ["05", "03", "02", "01"]
    assert 'rel="next"' not in second.headers.get("Link", "")


async def test_what_was_not_deployed_is_in_the_history_by_when_it_was_asked_for(api: Api) -> None:
    """So that nothing is missing from it."""
    waiting = await api.create_deployment()
    told = await record(api, "2026-11-20T00:00:00Z")

    path = "/environments/production/deployments"
    history = ok_json(await api.get(path, params={"service": "shop"}))["items"]
    assert [each["number"] for each in history] == [waiting["number"], told["number"]]
    since = {"since": "2026-11-21T00:00:00Z"}
    history = ok_json(await api.get(path, params=since))["items"]
    assert [each["number"] for each in history] == [waiting["number"]]


async def test_the_figures_of_the_week(api: Api) -> None:
    """Deployed in the last seven days; the last ten, whatever is still waiting."""
    for day in range(1, 13):
        await record(api, f"2026-11-{day + 8:02}T12:00:00Z")
    await api.create_deployment()

    stats = ok_json(await api.get("/stats"))

    assert (stats["services"], stats["deployments_this_week"]) == (2, 6)
    days = [each["deployed_at"][8:10] for each in stats["recent"]]
    assert days == [f"{day:02}" for day in range(20, 10, -1)]
