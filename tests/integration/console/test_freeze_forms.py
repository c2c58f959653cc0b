"""Freezing from the console: presets, what a freeze stops, and a confirmation for everything."""

from __future__ import annotations

from gatepost_domain.status import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json


async def test_production_is_frozen_with_one_button(api: Api, as_user: AsUser) -> None:
    """The buttons give the length; without one, the freeze lasts until it is lifted."""
    console = await as_user("olga")
    assert '<button name="hours" value="4">For 4 hours</button>' in await console.open("/freezes")

    await console.submit_and_follow("/freezes", tier="production", reason="Outage.", hours="4")
    await console.submit_and_follow("/freezes", tier="production", reason="Outage.")

    unlimited, limited = ok_json(await api.get("/freezes"))["items"]
    assert limited["scope"]["tier"] == "production"
    assert limited["ends_at"] == "2026-11-21T16:00:00Z"
    assert unlimited["ends_at"] is None


async def test_freezing_everything_must_be_confirmed(api: Api, as_user: AsUser) -> None:
    """One typed word does not stop the whole company: the page says what it would stop first."""
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    console = await as_user("olga")

    response = await console.submit("/freezes", reason="Oops.")

    text = visible_text(response.text)
    assert response.status_code == 200
    assert "This stops 2 services in 4 environments." in text
    assert f"Waiting there now: {waiting['number']} shop to production" in text
    assert 'name="confirmed" value="yes" required' in response.text
    assert ok_json(await api.get("/freezes"))["items"] == []
    await console.submit_and_follow("/freezes", reason="Oops.", confirmed="yes")
    assert len(ok_json(await api.get("/freezes"))["items"]) == 1


async def test_preview_of_a_recurring_freeze_lists_its_periods(api: Api, as_user: AsUser) -> None:
    """Nothing is created, and what was entered stays in the form."""
    console = await as_user("olga")
    fields = {
        "reason": "No Sundays.",
        "environment": "production",
        "rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=0;BYMINUTE=0",
        "duration_h": "24",
    }

    response = await console.submit("/freezes", _do="preview", **fields)

    text = visible_text(response.text)
    assert "22 November 2026, 00:00 UTC to 23 November 2026, 00:00 UTC" in text
    assert "confirmed" not in response.text
    assert fields["rrule"] in response.text
    assert ok_json(await api.get("/freezes"))["items"] == []
