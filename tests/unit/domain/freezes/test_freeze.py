"""Creating a freeze: validation, defaults and scope."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import ValidationFailed
from gatepost_domain.freezes.duration import MAX_DURATION
from gatepost_domain.freezes.freeze import (
    Effect,
    Freeze,
    FreezeScope,
    create_freeze,
    validate_freeze,
)
from tests.support.builders import NOON, an_id
from tests.support.domain.freezes import a_freeze_request

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FRIDAY = NOON - DAY
WEEKLY = {"rrule": "FREQ=WEEKLY;BYDAY=FR", "duration": 62 * HOUR}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reason": ""}, [("reason", "reason_required")]),
        ({"reason": " \n"}, [("reason", "reason_required")]),
        ({"ends_at": NOON}, [("ends_at", "ends_at_not_after_starts_at")]),
        (
            {"starts_at": NOON + DAY, "ends_at": NOON + HOUR},
            [("ends_at", "ends_at_not_after_starts_at")],
        ),
        ({"starts_at": NOON - DAY, "ends_at": NOON}, [("ends_at", "ends_at_passed")]),
        ({"starts_at": NOON + 4_000 * DAY}, [("starts_at", "starts_at_too_far")]),
        (
            WEEKLY | {"starts_at": datetime(1, 1, 1, tzinfo=UTC), "timezone": "America/New_York"},
            [("starts_at", "starts_at_too_far")],
        ),
        ({"ttl": timedelta()}, [("ttl_s", "ttl_not_positive")]),
        ({"ttl": -HOUR}, [("ttl_s", "ttl_not_positive")]),
        ({"ttl": MAX_DURATION + SECOND}, [("ttl_s", "ttl_too_long")]),
        ({"ttl": HOUR, "ends_at": NOON + DAY}, [("ttl_s", "ttl_and_ends_at")]),
        ({"duration": HOUR}, [("duration_s", "duration_without_rrule")]),
        ({"rrule": "FREQ=DAILY"}, [("duration_s", "rrule_without_duration")]),
        (WEEKLY | {"duration": timedelta()}, [("duration_s", "duration_not_positive")]),
        (WEEKLY | {"duration": MAX_DURATION + SECOND}, [("duration_s", "duration_too_long")]),
        (WEEKLY | {"rrule": ""}, [("rrule", "bad_rrule")]),
        (WEEKLY | {"rrule": "FREQ=MINUTELY"}, [("rrule", "bad_rrule")]),
        (WEEKLY | {"rrule": "FREQ=DAILY;UNTIL=20260101T000000Z"}, [("rrule", "bad_rrule")]),
        (WEEKLY | {"starts_at": NOON}, [("starts_at", "not_an_occurrence")]),
        (
            WEEKLY | {"ends_at": NOON + 6 * DAY},
            [("ends_at", "ends_at_not_after_first_occurrence")],
        ),
        ({"timezone": "Europe/Bonn"}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": ""}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": "Europe"}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": "../zone"}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": "/etc/localtime"}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": "Europe/Berlin\0"}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": "\ud800"}, [("timezone", "unknown_timezone")]),
        (WEEKLY | {"timezone": "x" * 9_999}, [("timezone", "unknown_timezone")]),
        (
            {"rrule": "?", "timezone": "?", "reason": "", "ttl": HOUR, "ends_at": NOON},
            [
                ("ttl_s", "ttl_and_ends_at"),
                ("ends_at", "ends_at_not_after_starts_at"),
                ("timezone", "unknown_timezone"),
                ("duration_s", "rrule_without_duration"),
                ("reason", "reason_required"),
            ],
        ),
    ],
)
def test_invalid_freeze_is_refused(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """All errors are listed together, each with its field."""
    with pytest.raises(ValidationFailed) as refusal:
        validate_freeze(a_freeze_request(**changes), at=NOON)

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == expected


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ends_at": NOON + SECOND},
        {"starts_at": NOON - DAY, "ends_at": NOON + SECOND},
        {"starts_at": FRIDAY - 521 * 7 * DAY, **WEEKLY},
        {"ttl": MAX_DURATION},
        WEEKLY | {"duration": MAX_DURATION, "timezone": "Australia/Lord_Howe"},
        WEEKLY | {"ttl": 90 * DAY},
    ],
)
def test_valid_freeze_is_accepted(changes: dict[str, Any]) -> None:
    """The limits themselves are valid, as is a past start with a future end."""
    validate_freeze(a_freeze_request(**changes), at=NOON)


def test_freeze_starts_now_and_lasts_until_lifted_by_default() -> None:
    """A request with only a reason freezes everything from now on, without an end."""
    freeze_id = an_id()

    assert create_freeze(a_freeze_request(), freeze_id=freeze_id, actor="otto", at=NOON) == Freeze(
        id=freeze_id,
        effect=Effect.DENY,
        scope=FreezeScope(),
        starts_at=NOON,
        reason="Year's end.",
        created_at=NOON,
        created_by="otto",
    )


def test_a_start_that_is_no_occurrence_names_the_first_one() -> None:
    """The message has the weekday, date and time in the zone."""
    request = a_freeze_request(
        starts_at=NOON,
        rrule="FREQ=WEEKLY;BYDAY=FR;BYHOUR=16",
        timezone="Europe/Berlin",
        duration=HOUR,
    )

    with pytest.raises(ValidationFailed) as refusal:
        validate_freeze(request, at=NOON)

    assert refusal.value.errors[0].detail == (
        "starts_at is not an occurrence of the rule. The first occurrence after it is "
        "Fri 27 Nov 2026 16:00 Europe/Berlin; start then."
    )


def test_a_recurring_freeze_starts_at_its_first_occurrence_by_default() -> None:
    """The seconds at which it was requested do not delay any of its periods."""
    request = a_freeze_request(rrule="FREQ=WEEKLY;BYDAY=FR;BYHOUR=16;BYMINUTE=0", duration=HOUR)

    freeze = create_freeze(request, freeze_id=an_id(), actor="otto", at=NOON + 37 * SECOND)

    assert freeze.starts_at == datetime(2026, 11, 27, 16, tzinfo=UTC)


def test_ttl_counts_from_the_start() -> None:
    """The end of the freeze is its start plus the TTL."""
    request = a_freeze_request(starts_at=NOON + DAY, ttl=2 * HOUR)

    freeze = create_freeze(request, freeze_id=an_id(), actor="otto", at=NOON)

    assert freeze.ends_at == NOON + DAY + 2 * HOUR


def test_instants_are_stored_in_utc() -> None:
    """Times with any UTC offset are converted."""
    east = timezone(5 * HOUR)
    request = a_freeze_request(
        starts_at=NOON.astimezone(east), ends_at=(NOON + DAY).astimezone(east)
    )

    freeze = create_freeze(request, freeze_id=an_id(), actor="otto", at=NOON)

    assert freeze.ends_at is not None
    assert (freeze.starts_at.tzinfo, freeze.ends_at.tzinfo) == (UTC, UTC)
    assert (freeze.starts_at, freeze.ends_at) == (NOON, NOON + DAY)


def test_creating_a_freeze_validates_it() -> None:
    """An invalid request raises an error."""
    with pytest.raises(ValidationFailed):
        create_freeze(a_freeze_request(reason=""), freeze_id=an_id(), actor="otto", at=NOON)


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        (FreezeScope(service="pay"), False),
        (FreezeScope(environment="staging"), False),
        (FreezeScope(tier=Tier.STAGING), False),
        (FreezeScope(service="shop", environment="staging"), False),
        (FreezeScope(service="pay", tier=Tier.PRODUCTION), False),
        (FreezeScope(), True),
        (FreezeScope(service="shop"), True),
        (FreezeScope(environment="production-eu"), True),
        (FreezeScope(tier=Tier.PRODUCTION), True),
        (FreezeScope(service="shop", environment="production-eu", tier=Tier.PRODUCTION), True),
    ],
)
def test_scope_covers_what_matches_all_its_fields(*, scope: FreezeScope, covers: bool) -> None:
    """A scope covers a deployment if every field that is not None matches."""
    assert scope.covers("shop", "production-eu", Tier.PRODUCTION) is covers
