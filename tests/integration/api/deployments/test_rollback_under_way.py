"""The current state while a rollback waits: the bad version still runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import NOON
from tests.support.http.api import Api, Json, auth_header, created_json, ok_json

pytestmark = pytest.mark.every_database


@pytest.fixture
async def bad(api: Api) -> Json:
    """2.0.0, which replaced 1.0.0 in production an hour after noon, and was rolled back."""
    record = {"service": "shop", "environment": "production", "version": "1.0.0"}
    created_json(await api.post("/deployments/record", record))
    await api.version("2.0.0")
    api.clock.advance(timedelta(hours=1))
    deployment = await api.deployment(Status.SUCCEEDED, version="2.0.0")
    api.clock.advance(timedelta(hours=1))
    body = {"note": "It times out.", "redeploy": True}
    return ok_json(await api.post(f"/deployments/{deployment['number']}/rollback", body))


async def cell(api: Api, **params: Any) -> Json:
    cells: list[Json] = ok_json(await api.get("/deployments/current", params=params))["cells"]
    (only,) = cells
    return only


async def approve(api: Api, deployment: Json) -> None:
    for reviewer in ("quinn", "devin"):
        ok_json(await api.perform(deployment, Action.APPROVE, actor=reviewer))


async def assert_verified(api: Api) -> None:
    faults = ok_json(await api.get("/audit/verify", headers=auth_header("owner")))["faults"]
    assert faults == []


async def test_bad_version_is_current_until_the_rollback_succeeds(api: Api, bad: Json) -> None:
    """The cell names what will replace it; afterwards every past time says what ran then."""
    good = ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))
    current = await cell(api)

    assert current["version"] == "2.0.0"
    assert current["rolling_back_to"] == {
        "deployment_id": good["id"],
        "number": good["number"],
        "version": "1.0.0",
    }
    await approve(api, good)
    ok_json(await api.perform(good, Action.START))
    assert (await cell(api))["rolling_back_to"]["number"] == good["number"]
    await assert_verified(api)
    api.clock.advance(timedelta(hours=1))
    ok_json(await api.perform(good, Action.SUCCEED))

    current = await cell(api)
    assert (current["version"], current["rolling_back_to"]) == ("1.0.0", None)
    for hours, version in ((0.5, "1.0.0"), (1.5, "2.0.0"), (2.5, "2.0.0"), (3, "1.0.0")):
        at = (NOON + timedelta(hours=hours)).isoformat()
        assert (await cell(api, at=at))["version"] == version
    await assert_verified(api)


@pytest.mark.parametrize("action", [Action.REJECT, Action.CANCEL])
async def test_bad_version_stays_current_if_the_rollback_ends(
    api: Api, bad: Json, action: Action
) -> None:
    """Nothing has been deployed, so the bad version still runs."""
    good = {"number": bad["rolled_back_by"]}
    before = await api.get("/deployments/current")

    ok_json(await api.perform(good, action, actor="quinn" if action is Action.REJECT else "owner"))

    current = await cell(api)
    assert (current["version"], current["rolling_back_to"]) == ("2.0.0", None)
    etag = {"If-None-Match": before.headers["ETag"]}
    assert (await api.get("/deployments/current", headers=etag)).status_code == 200
    await assert_verified(api)


async def test_rolled_back_rollback_does_not_bring_the_bad_version_back(
    api: Api, bad: Json
) -> None:
    """Once the rollback has succeeded, the bad version has ended, whatever happens then."""
    good = ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))
    await approve(api, good)
    ok_json(await api.perform(good, Action.START))
    ok_json(await api.perform(good, Action.SUCCEED))

    ok_json(await api.perform(good, Action.ROLLBACK))

    current = await cell(api)
    assert (current["number"], current["version"]) == ("DEP-1", "1.0.0")
    await assert_verified(api)


async def test_rollback_has_a_risk_and_a_plan_of_its_own(api: Api, bad: Json) -> None:
    """Those of the bad version say nothing about going back."""
    good = ok_json(await api.get(f"/deployments/{bad['rolled_back_by']}"))

    assert good["risk"] == (
        f"Reverts the changes of 2.0.0 ({bad['number']}). 1.0.0 was live before it."
    )
    assert good["rollback_plan"] == "Unblock 2.0.0, and deploy it again."


@pytest.mark.parametrize(
    ("by", "roles", "status"),
    [
        ("emma", ("emergency", "operator"), "started"),
        ("erik", ("emergency",), "approved"),
    ],
)
async def test_one_person_on_call_rolls_back(
    api: Api, bad: Json, by: str, roles: tuple[str, ...], status: str
) -> None:
    """Break-glass starts the rollback in the same step, for those who may start it."""
    await api.create_user(by, roles=roles, groups=())
    body = {"reason": "Nobody can pay.", "incident": "INC-7", "start": True}
    path = f"/deployments/{bad['rolled_back_by']}/break-glass"

    good = ok_json(await api.post(path, body, headers=auth_header(by)))

    assert good["status"] == status
    assert good["break_glass"]["actor"] == by


async def test_break_glass_starts_nothing_behind_a_closed_gate(api: Api) -> None:
    """It replaces the reviewers only; the deployment stays approved."""
    freeze = {"effect": "deny", "scope": {"environment": "production"}, "reason": "Audit week."}
    created_json(await api.post("/freezes", freeze))
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    body = {"reason": "Nobody can pay.", "incident": "INC-7", "start": True}

    broken = ok_json(await api.post(f"/deployments/{deployment['number']}/break-glass", body))

    assert broken["status"] == "approved"
