"""What a freeze would do, before it is created."""

from __future__ import annotations

import pytest

from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, assert_problem, auth_header, created_json, ok_json

pytestmark = pytest.mark.every_database

PREVIEW = "/freezes/preview"


async def test_preview_names_what_would_be_stopped_and_stores_nothing(api: Api) -> None:
    """Waiting deployments in the scope are listed; finished ones and other tiers are not."""
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    approved = await api.deployment(Status.APPROVED)
    await api.deployment(Status.CANCELLED)
    await api.deployment(Status.PENDING_APPROVAL, environment="staging")
    body = {"reason": "The sale.", "scope": {"tier": "production"}, "ttl_s": 3600}

    with api.assert_nothing_stored():
        preview = ok_json(await api.post(PREVIEW, body))

    period = {"starts_at": "2026-11-21T12:00:00Z", "ends_at": "2026-11-21T13:00:00Z"}
    assert (preview["first"], preview["next"]) == (period, [period])
    stops = preview["stops"]
    assert (stops["services"], stops["environments"]) == (2, 1)
    assert [each["number"] for each in stops["waiting"]] == [waiting["number"], approved["number"]]
    everything = ok_json(await api.post(PREVIEW, {"reason": "The sale."}))["stops"]
    assert everything["environments"] == 4
    assert len(everything["waiting"]) == 3


async def test_recurring_freeze_lists_its_next_periods(api: Api) -> None:
    """A freeze that was created has the same periods."""
    body = {
        "reason": "No Sundays.",
        "rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=0;BYMINUTE=0",
        "duration_s": 86400,
        "timezone": "Europe/Berlin",
    }

    preview = ok_json(await api.post(PREVIEW, body))

    assert preview["first"] == {
        "starts_at": "2026-11-21T23:00:00Z",
        "ends_at": "2026-11-22T23:00:00Z",
    }
    assert len(preview["next"]) == 5
    freeze = created_json(await api.post("/freezes", body))
    assert freeze["next"] == preview["next"]
    lifted = ok_json(await api.post(f"/freezes/{freeze['id']}/lift", {}))
    assert lifted["next"] == []


async def test_preview_refuses_what_would_be_refused(api: Api) -> None:
    """The errors and the rights are those of creating a freeze."""
    unknown = {"reason": "The sale.", "scope": {"service": "nobody"}}
    assert_problem(await api.post(PREVIEW, unknown), 422, "unknown_service", "#/scope/service")
    await api.create_user("val", roles=(), groups=())
    denied = await api.post(PREVIEW, {"reason": "The sale."}, headers=auth_header("val"))
    assert_problem(denied, 403, "forbidden")


async def test_archived_service_is_not_counted(api: Api) -> None:
    """A freeze of an archived service stops none."""
    body = {"reason": "The sale.", "scope": {"service": "shop"}}
    assert ok_json(await api.post(PREVIEW, body))["stops"]["services"] == 1
    ok_json(await api.client.patch("/api/v1/services/shop", json={"archived": True}))

    preview = ok_json(await api.post(PREVIEW, body))

    assert preview["stops"]["services"] == 0
