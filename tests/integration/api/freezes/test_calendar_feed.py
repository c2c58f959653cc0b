"""The calendar feed: its events, and authentication by a token as the password."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Final

import pytest
from icalendar import Calendar

from gatepost_domain.status_transitions import Status
from tests.support.http.api import Api, assert_problem, created_json, ok_json, token_secret

FEED: Final = "/freezes.ics"
WEEKEND: Final = {
    "reason": "Nobody is there, on Sundays; call olga.",
    "scope": {"service": "shop", "tier": "production"},
    "rrule": "FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0",
    "duration_s": 62 * 3600,
    "timezone": "Europe/Berlin",
}


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    """Return the header of HTTP Basic authentication."""
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


async def read_feed(api: Api) -> Calendar:
    """Return the parsed feed."""
    response = await api.get(FEED)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


async def test_feed_carries_the_rule_in_its_zone(api: Api) -> None:
    """A recurring freeze is one event with its rule, its exact length and its zone."""
    freeze = created_json(await api.post("/freezes", WEEKEND))

    calendar = await read_feed(api)

    (event,), (zone,) = calendar.walk("VEVENT"), calendar.walk("VTIMEZONE")
    assert event["UID"] == f"{freeze['id']}@gatepost"
    assert event["SUMMARY"] == "Deployment freeze: shop in tier production"
    assert event["DESCRIPTION"] == f"{WEEKEND['reason']}\n\nCreated by owner."
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;BYMINUTE=0;BYHOUR=16;BYDAY=FR"
    assert event["DTSTART"].to_ical() == b"20261127T160000"
    assert event["DTSTART"].params["TZID"] == zone["TZID"] == "Europe/Berlin"
    assert b"DURATION:PT223200S" in (await api.get(FEED)).content
    assert event["TRANSP"] == "TRANSPARENT"


async def test_feed_limits_a_rule_to_the_end_of_its_freeze(api: Api) -> None:
    """No occurrence starts at or after `ends_at`, also if the rule has a count."""
    end = {"ends_at": "2026-12-04T15:00:00Z"}
    created_json(
        await api.post("/freezes", {**WEEKEND, **end, "rrule": f"{WEEKEND['rrule']};COUNT=9"})
    )

    event: Any
    (event,) = (await read_feed(api)).walk("VEVENT")

    assert b"UNTIL=20261204T145959Z" in event["RRULE"].to_ical()
    assert "COUNT" not in event["RRULE"]


async def test_feed_has_periods_in_utc_and_leaves_out_lifted_freezes(api: Api) -> None:
    """A freeze without an end reaches seven days beyond today."""
    lifted = created_json(await api.post("/freezes", {"reason": "Oops."}))
    ok_json(await api.post(f"/freezes/{lifted['id']}/lift"))
    created_json(await api.post("/freezes", {"reason": "Audit.", "ttl_s": 3600}))
    created_json(await api.post("/freezes", {"reason": "Outage.", "effect": "allow"}))

    window, freeze = (await read_feed(api)).walk("VEVENT")

    assert freeze["DTSTART"].to_ical() == b"20261121T120000Z"
    assert freeze["DTEND"].to_ical() == b"20261121T130000Z"
    assert window["SUMMARY"] == "Deployment window: everything"
    assert window["DTEND"].to_ical() == b"20261128T000000Z"


async def test_unchanged_feed_is_not_sent_again(api: Api) -> None:
    """Its ETag changes with the freezes only, not with deployments or time."""
    etag = (await api.get(FEED)).headers["ETag"]
    await api.deployment(Status.SUCCEEDED)

    unchanged = await api.get(FEED, headers={"If-None-Match": etag})
    created_json(await api.post("/freezes", WEEKEND))
    changed = await api.get(FEED, headers={"If-None-Match": etag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200


async def test_token_is_accepted_as_password_by_the_feed_only(api: Api) -> None:
    """Calendar programs subscribe with any user name; no other operation accepts a password."""
    header = basic(token_secret("ada"))

    assert (await api.get(FEED, headers=header)).status_code == 200
    assert_problem(await api.get("/freezes", headers=header), 401, "unauthenticated")


@pytest.mark.parametrize(
    "header",
    [
        basic("unknown"),
        basic(""),
        {"Authorization": "Basic"},
        {"Authorization": "Basic !"},
        {"Authorization": f"Basic {b64encode(b'token-of-ada').decode()}"},
        {"Authorization": f"Basic {b64encode(bytes([255])).decode()}"},
    ],
)
async def test_wrong_password_is_asked_for_again(api: Api, header: dict[str, str]) -> None:
    """The response is 401 with a Basic challenge, so that the program asks for a password."""
    response = await api.get(FEED, headers=header)

    assert_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"].startswith('Basic realm="gatepost"')
