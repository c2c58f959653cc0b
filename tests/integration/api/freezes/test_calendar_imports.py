"""Importing calendars over HTTP: each event becomes a freeze of a series."""

from __future__ import annotations

from typing import Any, Final

import httpx2
import pytest

from tests.support.calendar_files import APPLE, GOOGLE, MOZILLA, OFFICE
from tests.support.http.api import Api, Json, assert_problem, auth_header, ok_json


def calendar(events: str) -> bytes:
    """Return a calendar file with the line ends of RFC 5545."""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{events}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(*properties: str, uid: str = "1", summary: str = "Holiday") -> str:
    lines = (f"UID:{uid}", f"SUMMARY:{summary}", *properties)
    return "\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def day(text: str, **changes: Any) -> str:
    return event(f"DTSTART;VALUE=DATE:{text}", **changes)


async def send(api: Api, content: bytes | str, **query: str) -> httpx2.Response:
    body = calendar(content) if isinstance(content, str) else content
    headers = {**auth_header("olga"), "Content-Type": "text/calendar"}
    return await api.client.post(
        "/api/v1/freezes/import", params=query, content=body, headers=headers
    )


async def freezes(api: Api) -> list[Json]:
    """Return the freezes that were not lifted, in the order of their starts."""
    items = ok_json(await api.get("/freezes", params={"limit": 200}))["items"]
    return sorted(
        (each for each in items if each["lifted_at"] is None), key=lambda each: each["starts_at"]
    )


def periods(freeze: Json) -> list[tuple[str, str]]:
    return [(each["starts_at"], each["ends_at"]) for each in freeze["next"]]


async def test_holidays_of_google_are_days_of_their_zone(api: Api) -> None:
    """A day begins and ends at midnight in the zone of the calendar; past days are left out."""
    result = ok_json(await send(api, GOOGLE, tier="production"))

    assert result == {
        "series": "Holidays in Germany",
        "created": ["20261225_1@google.com"],
        "changed": [],
        "unchanged": [],
        "lifted": [],
        "past": ["20251225_1@google.com"],
        "freezes_added": 1,
        "freezes_lifted": 0,
    }
    (freeze,) = await freezes(api)
    assert (freeze["starts_at"], freeze["ends_at"]) == (
        "2026-12-24T23:00:00Z",
        "2026-12-25T23:00:00Z",
    )
    assert freeze["scope"] == {"service": None, "environment": None, "tier": "production"}
    assert (freeze["reason"], freeze["effect"]) == ("Christmas Day", "deny")
    assert (freeze["series"], freeze["series_uid"]) == (result["series"], result["created"][0])


async def test_recurring_holidays_of_apple_last_a_nominal_day(api: Api) -> None:
    """A rule that began years ago goes on, and COUNT counts from its beginning."""
    ok_json(await send(api, APPLE, timezone="America/New_York"))

    independence, thanksgiving = await freezes(api)
    assert independence["rrule"] == "FREQ=YEARLY"
    assert periods(independence)[:2] == [
        ("2027-07-04T04:00:00Z", "2027-07-05T04:00:00Z"),
        ("2028-07-04T04:00:00Z", "2028-07-05T04:00:00Z"),
    ]
    assert periods(thanksgiving) == [
        ("2026-11-26T05:00:00Z", "2026-11-27T05:00:00Z"),
        ("2027-11-25T05:00:00Z", "2027-11-26T05:00:00Z"),
        ("2028-11-23T05:00:00Z", "2028-11-24T05:00:00Z"),
        ("2029-11-22T05:00:00Z", "2029-11-23T05:00:00Z"),
    ]


async def test_moved_and_excluded_recurrences_of_office_are_honoured(api: Api) -> None:
    """Time zones can have names of Windows; an UNTIL can be a day."""
    ok_json(await send(api, OFFICE))

    stored = [period for freeze in await freezes(api) for period in periods(freeze)]
    assert sorted(stored) == [
        ("2026-12-07T15:00:00Z", "2026-12-07T17:00:00Z"),
        ("2026-12-15T15:00:00Z", "2026-12-15T16:00:00Z"),
        ("2026-12-28T15:00:00Z", "2026-12-28T17:00:00Z"),
        ("2027-01-04T15:00:00Z", "2027-01-04T17:00:00Z"),
    ]


async def test_further_dates_of_mozilla_are_freezes_too(api: Api) -> None:
    """A TZID may end with the name of a zone; RDATE adds periods of the same length."""
    ok_json(await send(api, MOZILLA, effect="allow", reason="Closed."))

    stored = await freezes(api)
    assert [(each["starts_at"], each["ends_at"]) for each in stored] == [
        ("2026-12-24T11:00:00Z", "2026-12-25T13:00:00Z"),
        ("2026-12-31T11:00:00Z", "2027-01-01T13:00:00Z"),
        ("2027-01-01T11:00:00Z", "2027-01-02T13:00:00Z"),
    ]
    assert {(each["effect"], each["reason"]) for each in stored} == {("allow", "Closed.")}


async def test_calendar_is_imported_again(api: Api) -> None:
    """Unchanged events keep their freezes, changed ones replace them, missing ones may end."""
    first = "\n".join(
        [day("20270101", uid="a"), day("20270501", uid="b"), day("20271003", uid="c")]
    )
    ok_json(await send(api, first))
    before = {each["series_uid"]: each["id"] for each in await freezes(api)}
    second = "\n".join(
        [day("20270101", uid="a"), day("20270502", uid="b"), day("20271224", uid="d")]
    )

    with api.assert_nothing_stored():
        again = ok_json(await send(api, first))
    kept = ok_json(await send(api, second))
    removed = ok_json(await send(api, second, remove_missing="true"))

    assert again["unchanged"] == ["a", "b", "c"]
    assert (kept["unchanged"], kept["changed"], kept["created"], kept["lifted"]) == (
        ["a"],
        ["b"],
        ["d"],
        [],
    )
    assert (removed["unchanged"], removed["lifted"]) == (["a", "b", "d"], ["c"])
    after = {each["series_uid"]: each["id"] for each in await freezes(api)}
    assert after.keys() == {"a", "b", "d"}
    assert after["a"] == before["a"]
    assert after["b"] != before["b"]
    replaced = ok_json(await api.get(f"/freezes/{before['b']}"))
    assert replaced["lift_reason"] == "Replaced by a later import of the calendar."


async def test_series_of_another_scope_or_name_is_independent(api: Api) -> None:
    """Only freezes of the same series and scope are changed."""
    ok_json(await send(api, day("20270101"), tier="production"))

    other_scope = ok_json(await send(api, day("20270102"), service="shop", remove_missing="true"))
    other_name = ok_json(
        await send(api, day("20270103"), tier="production", series="Sales", remove_missing="true")
    )

    assert other_scope["created"] == other_name["created"] == ["1"]
    assert len(await freezes(api)) == 3


async def test_import_is_one_event_with_counts_and_digest(api: Api) -> None:
    """However many freezes an import adds and lifts, the log has one event."""
    ok_json(await send(api, "\n".join([day("20270101", uid="a"), day("20270501", uid="b")])))
    ok_json(await send(api, day("20270102", uid="a"), remove_missing="true"))

    events = [
        each
        for each in ok_json(await api.get("/events", params={"limit": 200}))["items"]
        if each["kind"] == "freezes_imported"
    ]
    assert len(events) == 2
    assert events[1]["actor"] == "olga"
    counts = {name: events[1]["data"][name] for name in ("created", "changed", "lifted")}
    assert counts == {"created": 0, "changed": 1, "lifted": 1}
    assert len(events[1]["data"]["digest"]) == 64
    verification = ok_json(await api.get("/audit/verify", headers=auth_header("owner")))
    assert verification["faults"] == []


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        (["DTSTART;VALUE=DATE:20271301"], "has an invalid DTSTART"),
        ([], "has no DTSTART"),
        (["DTSTART:20270101T100000Z"], "has neither DTEND nor DURATION"),
        (["DTSTART:20270101T100000Z", "DTEND:20270101T100000Z"], "does not end after its start"),
        (["DTSTART;VALUE=DATE:20270102", "DTEND;VALUE=DATE:20270101"], "ends before it starts"),
        (["DTSTART;VALUE=DATE:20270102", "DTEND:20270103T100000Z"], "of different types"),
        (["DTSTART;VALUE=DATE:20270101", "DURATION:PT0S"], "has an invalid DURATION"),
        (["DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20290101"], "lasts longer than 366"),
        (
            ["DTSTART;TZID=Mars/Base:20270101T100000", "DURATION:PT1H"],
            "Mars/Base, which is unknown",
        ),
        (["DTSTART;TZID=/etc/passwd:20270101T100000", "DURATION:PT1H"], "which is unknown"),
        (["DTSTART;VALUE=DATE:00010101"], "is not between 1900 and 2200"),
        (["DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=MINUTELY"], "rule that is not supported"),
        (["DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=DAILY;COUNT=99999"], "more than 1000 times"),
        (["DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=WEEKLY;BYDAY=MO"], "not an occurrence"),
        (
            ["DTSTART;VALUE=DATE:20270101", "RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY"],
            "RRULE more than",
        ),
        (["DTSTART;VALUE=DATE:20270101", "EXRULE:FREQ=DAILY"], "has an EXRULE"),
        (
            ["DTSTART;VALUE=DATE:20270101", "RDATE;VALUE=PERIOD:20270101T000000Z/PT1H"],
            "has an RDATE with a period",
        ),
        (
            ["DTSTART;VALUE=DATE:20270101", "RECURRENCE-ID;RANGE=THISANDFUTURE:20270101"],
            "RANGE",
        ),
    ],
)
async def test_event_that_cannot_be_a_freeze_is_named(
    api: Api, properties: list[str], sentence: str
) -> None:
    """The error names the event by its position and summary, and nothing is stored."""
    events = "\n".join([day("20270101", uid="good"), event(*properties, uid="bad", summary="Bad")])

    with api.assert_nothing_stored():
        response = await send(api, events)

    assert_problem(response, 422, "bad_calendar_event", "#/events/2")
    assert response.json()["detail"].startswith("Event 2 (Bad) ")
    assert sentence in response.json()["detail"]


async def test_every_fault_is_listed(api: Api) -> None:
    """One answer names all events that cannot be imported."""
    events = "\n".join(
        [
            "BEGIN:VEVENT\nSUMMARY:No identity\nDTSTART;VALUE=DATE:20270101\nEND:VEVENT",
            day("20270101", uid="a"),
            day("20270102", uid="a"),
            day("20270103", uid="c", summary=" "),
        ]
    )

    response = await send(api, events)

    details = [each["detail"] for each in response.json()["errors"]]
    assert details == [
        "Event 1 (No identity) has no UID of at most 500 characters.",
        "Event 3 (Holiday) has the same UID as another event.",
        "Event 4 (c) has no SUMMARY; give a reason for the import.",
    ]


NESTED: Final = "BEGIN:VEVENT\n" * 3_000 + "END:VEVENT\n" * 3_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must begin with BEGIN:VCALENDAR"),
        (b"\x1f\x8b\x08\x00", "must be encoded as UTF-8"),
        (b"PK\x03\x04", "must begin with BEGIN:VCALENDAR"),
        (b"<html></html>", "must begin with BEGIN:VCALENDAR"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "is incomplete"),
        (
            b"BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR",
            "is not a valid calendar",
        ),
        (calendar(""), "contains no event"),
        (calendar(NESTED), "nests components more than 4 deep"),
        (calendar("\n".join([day("20270101")] * 10_000)), "at most 1000 can be imported"),
        (calendar("BEGIN:VTODO\nEND:VTODO\n" * 6_000), "at most 5000 are read"),
    ],
)
async def test_file_that_is_no_calendar_is_refused_at_once(
    api: Api, content: bytes, sentence: str
) -> None:
    """Files with too many components, or too deeply nested ones, are refused."""
    response = await send(api, content)

    assert_problem(response, 422, "bad_calendar", "#")
    assert sentence in response.json()["detail"]


async def test_file_is_bounded(api: Api) -> None:
    """A file of more than 1 MiB is refused before it is read."""
    assert_problem(await send(api, b" " * (1024 * 1024 + 1)), 413, "body_too_large")


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ({"service": "nope"}, "unknown_service", "query/service"),
        ({"environment": "nope"}, "unknown_environment", "query/environment"),
        ({"tier": "nope"}, "invalid", "query/tier"),
        ({"effect": "nope"}, "invalid", "query/effect"),
        ({"timezone": "Mars/Base"}, "unknown_timezone", "query/timezone"),
        ({"reason": " "}, "invalid", "query/reason"),
        ({"series": ""}, "invalid", "query/series"),
        ({"remove": "true"}, "unknown_parameter", "query/remove"),
    ],
)
async def test_invalid_parameter_is_refused(
    api: Api, query: dict[str, str], code: str, pointer: str
) -> None:
    """The error names the parameter."""
    assert_problem(await send(api, day("20270101"), **query), 422, code, pointer)


async def test_another_media_type_is_refused(api: Api) -> None:
    """Only calendars are accepted, and files without a known type."""
    headers = {**auth_header("olga"), "Content-Type": "application/json"}
    response = await api.client.post("/api/v1/freezes/import", content=b"{}", headers=headers)

    assert_problem(response, 415, "unsupported_media_type", "header/Content-Type")


async def test_an_endless_rule_is_split_at_each_of_many_exceptions(api: Api) -> None:
    """The freezes before, between and after the exceptions have the right periods."""
    dates = ",".join(
        f"2027{month:02}{number:02}" for month in range(1, 5) for number in range(2, 27)
    )
    events = event(
        "DTSTART;VALUE=DATE:20270101",
        "RRULE:FREQ=DAILY",
        f"EXDATE;VALUE=DATE:{dates}",
    )

    ok_json(await send(api, events))

    stored = await freezes(api)
    assert periods(stored[0]) == [("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z")]
    assert periods(stored[-1])[0] == ("2027-04-27T00:00:00Z", "2027-04-28T00:00:00Z")
