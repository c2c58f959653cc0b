"""Freezing from the console: presets, what a freeze stops, and a confirmation for everything."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx2
import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import ConsoleClient, error_text, visible_text
from tests.support.http.api import Api, created_json, ok_json
from tests.support.http.sign_in import SAME_ORIGIN
from tests.support.http.users import create_user

LATER = "2026-11-23T14:00"
"""Two days after the start of the tests."""


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


async def test_the_button_says_what_it_freezes(as_user: AsUser) -> None:
    """It freezes the tier: an environment named production is only one of several."""
    page = visible_text(await (await as_user("olga")).open("/freezes"))

    assert "Freeze all production environments now" in page


async def test_a_freeze_says_when_it_started_before_when_it_ends(api: Api, as_user: AsUser) -> None:
    """The person is named as the one who created it, not as one who will end it."""
    console = await as_user("olga")
    await console.submit_and_follow("/freezes", tier="production", reason="Outage.", hours="4")
    api.clock.advance(timedelta(hours=1))

    console = await as_user("olga")
    active = visible_text(await console.open("/freezes"))
    await console.submit_and_follow("/freezes", tier="staging", reason="X.", starts_at=LATER)
    later = visible_text(await console.open("/freezes"))
    api.clock.advance(timedelta(hours=4))
    past = visible_text(await (await as_user("olga")).open("/freezes"))

    assert "Outage. started 1 hour ago ends in 3 hours created by olga" in active
    assert "X. starts in 2 days until lifted created by olga" in later
    assert "Outage. started 5 hours ago ended 1 hour ago created by olga" in past


async def test_freezing_everything_must_be_confirmed(api: Api, as_user: AsUser) -> None:
    """One typed word does not stop the whole company: the page says what it would stop first."""
    waiting = await api.deployment(Status.PENDING_APPROVAL)
    console = await as_user("olga")

    response = await console.submit("/freezes", reason="Oops.")

    text = visible_text(response.text)
    assert response.status_code == 200
    assert "Blocks 2 services in 4 environments." in text
    assert f"Deployments waiting there now: {waiting['number']} shop to production" in text
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
    assert "Sun 22 Nov, 00:00 to Mon 23 Nov, 00:00" in text
    assert "confirmed" not in response.text
    assert fields["rrule"] in response.text
    assert ok_json(await api.get("/freezes"))["items"] == []


WEEKLY = {
    "tier": "production",
    "repeat": "weekly",
    "day_FR": "yes",
    "from_time": "16:00",
    "for_h": "62",
    "timezone": "Europe/Berlin",
}


async def test_weekly_freeze_is_built_without_a_rule(api: Api, as_user: AsUser) -> None:
    """A preview lists five periods, without a reason; then the freeze recurs on the chosen days."""
    console = await as_user("olga")

    preview = await console.submit("/freezes", _do="preview", **WEEKLY)
    await console.submit_and_follow("/freezes", reason="Weekend.", **WEEKLY)

    assert "The next 5 periods: Fri 27 Nov, 15:00 to Mon 30 Nov, 05:00" in visible_text(
        preview.text
    )
    assert 'name="day_FR" value="yes" checked' in preview.text
    (freeze,) = ok_json(await api.get("/freezes"))["items"]
    assert freeze["rrule"] == "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0"
    assert (freeze["duration_s"], freeze["starts_at"]) == (62 * 3600, "2026-11-27T15:00:00Z")


async def test_monthly_and_yearly_freezes_are_built(api: Api, as_user: AsUser) -> None:
    """The last day of a month is -1; the days of a year include the last one."""
    console = await as_user("olga")
    monthly = {"repeat": "monthly", "month_day": "-1", "from_time": "09:30", "for_h": "4"}
    yearly = {"repeat": "yearly", "first_day": "2026-12-24", "last_day": "2027-01-01"}
    zone = {"timezone": "Europe/Berlin", "environment": "production", "reason": "Closed."}

    await console.submit_and_follow("/freezes", **monthly, **zone)
    await console.submit_and_follow("/freezes", **yearly, **zone)

    second, first = ok_json(await api.get("/freezes"))["items"]
    assert first["rrule"] == "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=9;BYMINUTE=30"
    assert first["next"][0]["starts_at"] == "2026-11-30T08:30:00Z"
    assert second["next"][0] == {
        "starts_at": "2026-12-23T23:00:00Z",
        "ends_at": "2027-01-01T23:00:00Z",
    }


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"day_FR": ""}, "days", "Choose at least one day."),
        ({"from_time": "late"}, "from_time", "Enter a time such as 16:00."),
        ({"for_h": ""}, "for_h", "Enter the number of hours."),
        ({"for_h": "0"}, "for_h", ""),
        ({"timezone": "Europe/Bonn"}, "timezone", "Europe/Bonn is not an IANA time zone"),
        ({"starts_at": "2026-11-23T09:00"}, "starts_at", "Fri 27 Nov 2026 16:00 Europe/Berlin"),
        ({"repeat": "monthly", "month_day": "32"}, "month_day", "Enter a day from 1 to 31"),
        ({"repeat": "yearly", "first_day": "x"}, "first_day", "A date is required."),
        (
            {"repeat": "yearly", "first_day": "2026-12-24", "last_day": "2026-12-23"},
            "last_day",
            "must not be before",
        ),
    ],
)
async def test_fault_of_a_recurrence_is_at_its_field(
    api: Api, as_user: AsUser, fields: dict[str, str], field: str, message: str
) -> None:
    """What was entered is kept, and nothing is created."""
    console = await as_user("olga")

    response = await console.submit("/freezes", reason="Weekend.", **{**WEEKLY, **fields})

    assert response.status_code in {400, 422}, response.status_code
    fault = re.search(rf'id="fault-{field}">([^<]+)<', response.text)
    assert fault is not None, visible_text(response.text)
    assert message in unescape(fault[1])
    assert ok_json(await api.get("/freezes"))["items"] == []


async def test_calendar_shows_five_weeks_in_the_zone_of_the_browser(
    api: Api, as_user: AsUser
) -> None:
    """Each period has a bar in every week and an entry in the list; lifted freezes have none."""
    console = await as_user("olga")
    await console.submit_and_follow("/freezes", reason="Weekend.", **WEEKLY)
    lifted = created_json(await api.post("/freezes", {"reason": "Oops."}))
    ok_json(await api.post(f"/freezes/{lifted['id']}/lift"))

    utc = await console.open("/freezes")
    console.client.cookies.set("gatepost-zone", "Europe/Berlin")
    berlin = await console.open("/freezes")
    console.client.cookies.set("gatepost-zone", "../zone")
    unknown = await console.open("/freezes")

    assert "Times are in UTC" in visible_text(utc)
    assert "Fri 27 Nov, 15:00 to Mon 30 Nov, 05:00 tier production" in visible_text(utc)
    assert "Fri 27 Nov, 16:00 to Mon 30 Nov, 06:00 tier production" in visible_text(berlin)
    assert "Times are in UTC" in visible_text(unknown)
    assert berlin.count("bar deny from-5 days-3 continued") == 4
    assert berlin.count("bar deny from-1 days-1 continues") == 3
    assert "Oops." not in berlin[berlin.index('id="calendar"') : berlin.index("h-upcoming")]


async def test_an_upcoming_freeze_is_cancelled_and_an_active_one_lifted(
    api: Api, as_user: AsUser
) -> None:
    """The button, the notice and the list of past freezes say which of the two happened."""
    console = await as_user("olga")
    starts_at = {"starts_at": "2026-12-24T00:00:00Z", "ends_at": "2026-12-27T00:00:00Z"}
    active = created_json(await api.post("/freezes", {"reason": "Incident."}))
    upcoming = created_json(await api.post("/freezes", {"reason": "Holidays."} | starts_at))

    page = await console.open("/freezes")
    assert page.count("<button>Lift freeze</button>") == 1
    assert page.count("<button>Cancel freeze</button>") == 1
    lifted = await console.submit(f"/freezes/{active['id']}/lift")
    cancelled = await console.submit(f"/freezes/{upcoming['id']}/lift")

    assert "Freeze lifted." in await console.open(lifted.headers["Location"])
    page = visible_text(await console.open(cancelled.headers["Location"]))
    assert "Freeze cancelled." in page
    past = page[page.index("Past (2)") :]
    assert "cancelled just now by olga" in past
    assert "lifted just now by olga" in past


HOLIDAYS = b"""BEGIN:VCALENDAR
X-WR-CALNAME:Holidays
BEGIN:VEVENT
UID:1
SUMMARY:New Year
DTSTART;VALUE=DATE:20270101
END:VEVENT
END:VCALENDAR
"""


async def upload(console: ConsoleClient, content: bytes, **fields: str) -> httpx2.Response:
    return await console.client.post(
        "/freezes/import",
        data=fields,
        files={"calendar": ("holidays.ics", content, "text/calendar")},
        headers=SAME_ORIGIN,
    )


async def test_calendar_file_is_uploaded(api: Api, as_user: AsUser) -> None:
    """The form needs no script; the page then lists the freezes of the calendar."""
    console = await as_user("olga")
    assert 'enctype="multipart/form-data"' in await console.open("/freezes")

    response = await upload(console, HOLIDAYS, tier="production", timezone="Europe/Berlin")

    assert (response.status_code, response.headers["Location"]) == (303, "/freezes?done=imported")
    text = visible_text(await console.open("/freezes?done=imported"))
    assert "Calendar imported." in text
    assert "New Year" in text
    (freeze,) = ok_json(await api.get("/freezes"))["items"]
    assert (freeze["starts_at"], freeze["scope"]["tier"]) == ("2026-12-31T23:00:00Z", "production")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must begin with BEGIN:VCALENDAR"),
        (HOLIDAYS.replace(b"20270101", b"2027"), "Event 1 (New Year) has an invalid DTSTART"),
    ],
)
async def test_faults_of_a_calendar_file_are_shown(
    api: Api, as_user: AsUser, content: bytes, sentence: str
) -> None:
    """Nothing is stored, and the page says what is wrong."""
    console = await as_user("olga")

    with api.assert_nothing_stored():
        response = await upload(console, content)

    assert response.status_code == 422
    assert sentence in error_text(response.text)


async def test_calendar_form_is_for_those_who_may_freeze(api: Api, as_user: AsUser) -> None:
    """Others do not see it, and are refused."""
    await create_user(api, "vic", Role.VIEWER)
    console = await as_user("vic")

    assert "/freezes/import" not in await console.open("/freezes")
    assert (await upload(console, HOLIDAYS)).status_code == 403
