"""Current state over HTTP: now, at any past instant, and after rollbacks and retirements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, assert_problem, created_json, ok_json
from tests.support.http.users import create_user

LANES: Final = [("cart", "production"), ("shop", "production"), ("shop", "staging")]


async def record(api: Api, at: str, service: str = "shop", environment: str = "production") -> Json:
    body = {"service": service, "environment": environment, "version": "1.0.0", "deployed_at": at}
    return created_json(await api.post("/deployments/record", body))


async def list_lanes(api: Api, path: str = "/deployments/current", **params: Any) -> list[Any]:
    state = ok_json(await api.get(path, params=params))
    return [(cell["service"], cell["environment"]) for cell in state["cells"]]


async def test_matrix_has_a_cell_per_deployed_lane(api: Api) -> None:
    """Cells are ordered by service, then environment; values of one filter are alternatives."""
    for service, environment in reversed(LANES):
        await record(api, "2026-11-20T00:00:00Z", service, environment)

    assert await list_lanes(api) == LANES
    assert await list_lanes(api, service="shop") == LANES[1:]
    assert await list_lanes(api, environment=["staging", "test"]) == LANES[2:]
    assert await list_lanes(api, tier="production", service=["shop", "cart"]) == LANES[:2]
    assert await list_lanes(api, service="nobody") == []
    assert await list_lanes(api, "/services/shop/deployments/current") == LANES[1:]
    assert await list_lanes(api, "/environments/production/deployments/current") == LANES[:2]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/services/nobody/deployments/current", "unknown_service"),
        ("/environments/nowhere/deployments/current", "unknown_environment"),
        ("/services/nobody/deployments", "unknown_service"),
        ("/environments/nowhere/deployments", "unknown_environment"),
    ],
)
async def test_state_and_history_of_an_unknown_name_are_404(api: Api, path: str, code: str) -> None:
    """An unknown service or environment is an error, not an empty list."""
    assert_problem(await api.get(path), 404, code)


@pytest.mark.parametrize("at", ["yesterday", "2026-11", "0.5", "null", ""])
@pytest.mark.parametrize("path", ["/deployments/current", "/services/shop/deployments/current"])
async def test_invalid_instant_is_refused(api: Api, path: str, at: str) -> None:
    """An instant that cannot be parsed is an error and does not mean the current time."""
    assert_problem(await api.get(path, params={"at": at}), 422, "invalid", "query/at")


async def test_deployment_is_live_until_it_is_rolled_back(api: Api) -> None:
    """After a rollback the previous deployment is live again; earlier states do not change."""
    before = await record(api, "2026-11-01T00:00:00Z")
    api.clock.advance(timedelta(hours=1))
    deployment = await api.deployment(Status.SUCCEEDED)
    assert deployment["deployed_by"] == "owner"
    api.clock.advance(timedelta(hours=1))
    ok_json(await api.perform(deployment, Action.ROLLBACK))

    async def number(hours: float | None = None) -> str:
        at = {} if hours is None else {"at": (NOON + timedelta(hours=hours)).isoformat()}
        state = ok_json(await api.get("/deployments/current", params=at))
        text: str = state["cells"][0]["number"]
        return text

    assert await number() == before["number"]
    assert await number(0.99) == before["number"]
    assert await number(1) == deployment["number"]
    assert await number(1.99) == deployment["number"]
    assert await number(2) == before["number"]


async def test_matrix_shows_the_deployment_in_progress(api: Api) -> None:
    """The state at a past instant shows no deployment in progress."""
    await record(api, "2026-11-01T00:00:00Z")
    started = await api.deployment(Status.STARTED)

    (cell,) = ok_json(await api.get("/deployments/current"))["cells"]
    in_progress = {"deployment_id": started["id"], "number": started["number"], "version": "1.0.0"}
    assert cell["in_progress"] == in_progress | {"status": "started"}
    past = ok_json(await api.get("/deployments/current", params={"at": "2026-11-21T12:00:00Z"}))
    assert past["cells"][0]["in_progress"] is None


async def retire(api: Api, **options: Any) -> Any:
    path = "/api/v1/services/shop/targets/production"
    return await api.client.delete(path, **options)


async def test_retired_target_leaves_the_matrix(api: Api) -> None:
    """Earlier instants still show the target, and a later deployment brings it back."""
    await record(api, "2026-11-01T00:00:00Z")

    body = ok_json(await retire(api, params={"at": "2026-11-10T00:00:00Z"}))

    assert body == {
        "service": "shop",
        "environment": "production",
        "retired_at": "2026-11-10T00:00:00Z",
    }
    assert await list_lanes(api) == []
    assert await list_lanes(api, at="2026-11-09T23:59:59Z") == [("shop", "production")]
    assert await list_lanes(api, at="2026-11-10T00:00:00Z") == []
    await record(api, "2026-11-05T00:00:00Z")
    assert await list_lanes(api) == []
    await record(api, "2026-11-11T00:00:00Z")
    assert await list_lanes(api) == [("shop", "production")]


async def test_only_an_admin_retires_a_target_in_the_past(api: Api) -> None:
    """Operators can retire a target now. A future time and an unknown target are refused."""
    assert_problem(await retire(api), 404, "unknown_target")
    await record(api, "2026-11-01T00:00:00Z")
    operator = dict(await create_user(api, "mo", Role.OPERATOR))

    past = {"at": "2026-11-10T00:00:00Z"}
    assert_problem(await retire(api, params=past, headers=operator), 403, "forbidden")
    later = {"at": "2026-11-21T12:00:01Z"}
    assert_problem(await retire(api, params=later), 422, "at_in_future", "#/at")
    assert ok_json(await retire(api, headers=operator))["retired_at"] == "2026-11-21T12:00:00Z"


async def test_unchanged_state_is_304(api: Api) -> None:
    """The ETag changes only with the cells, not with other events or the time."""
    await record(api, "2026-11-20T00:00:00Z")
    first = await api.get("/deployments/current")
    if_none_match = {"If-None-Match": first.headers["ETag"]}

    api.clock.advance(timedelta(hours=1))
    await api.create_deployment()
    assert (await api.get("/deployments/current", headers=if_none_match)).status_code == 304
    await record(api, "2026-11-20T00:00:01Z")

    assert (await api.get("/deployments/current", headers=if_none_match)).status_code == 200


async def test_history_pages_neither_skip_nor_repeat(api: Api) -> None:
    """Pages stay correct while rows are added, including rows with past dates."""
    for day in (1, 3, 5):
        await record(api, f"2026-11-0{day}T00:00:00Z")
    path, params = "/services/shop/deployments", {"limit": 2}
    first = ok_json(await api.get(path, params=params))

    for day in (2, 4, 6):
        await record(api, f"2026-11-0{day}T00:00:00Z")
    second = await api.get(path, params=params | {"cursor": first["next_cursor"]})
    next_page = ok_json(second)

    days = [item["deployed_at"][8:10] for item in first["items"] + next_page["items"]]
    assert days == ["05", "03", "02", "01"]
    assert 'rel="next"' not in second.headers.get("Link", "")


async def test_history_lists_undeployed_requests_by_creation(api: Api) -> None:
    """A request that was not deployed is listed at its creation time."""
    waiting = await api.create_deployment()
    recorded = await record(api, "2026-11-20T00:00:00Z")

    path = "/environments/production/deployments"
    history = ok_json(await api.get(path, params={"service": "shop"}))["items"]
    assert [item["number"] for item in history] == [waiting["number"], recorded["number"]]
    since = {"since": "2026-11-21T00:00:00Z"}
    history = ok_json(await api.get(path, params=since))["items"]
    assert [item["number"] for item in history] == [waiting["number"]]


async def test_stats_cover_the_last_week(api: Api) -> None:
    """The statistics count the deployments of the last seven days and list the latest ten."""
    for day in range(1, 13):
        await record(api, f"2026-11-{day + 8:02}T12:00:00Z")
    await api.create_deployment()

    stats = ok_json(await api.get("/stats"))

    assert (stats["services"], stats["deployments_this_week"]) == (2, 6)
    days = [item["deployed_at"][8:10] for item in stats["recent"]]
    assert days == [f"{day:02}" for day in range(20, 10, -1)]
