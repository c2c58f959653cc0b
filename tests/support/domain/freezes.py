"""Freezes and recurrence rules for tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from gatepost_domain.freezes.freeze import Effect, Freeze, FreezeRequest, FreezeScope
from tests.support.builders import NOON, an_id

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def a_freeze_request(**changes: Any) -> FreezeRequest:
    """Build a request to freeze all deployments from now until the freeze is lifted."""
    fields: dict[str, Any] = {
        "effect": Effect.DENY,
        "scope": FreezeScope(),
        "reason": "Year's end.",
    }
    return FreezeRequest(**(fields | changes))


def a_freeze(**changes: Any) -> Freeze:
    """Build a freeze of all deployments from noon until it is lifted."""
    fields: dict[str, Any] = {
        "id": an_id(),
        "effect": Effect.DENY,
        "scope": FreezeScope(),
        "starts_at": NOON,
        "reason": "Year's end.",
        "created_at": NOON,
        "created_by": "otto",
    }
    return Freeze(**(fields | changes))


def _comma_separated(values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(
        lambda chosen: ",".join(map(str, chosen))
    )


@st.composite
def recurrence_rules(draw: st.DrawFn, *, every_part: bool = False) -> str:
    """Generate rules of every frequency, with parts that are valid for the frequency.

    Without `every_part`, occurrences start in full minutes.
    """
    freq = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "YEARLY"]))
    weekdays = _comma_separated(st.sampled_from(WEEKDAYS))
    if freq in {"MONTHLY", "YEARLY"}:
        # Not both in one rule: python-dateutil interprets MO,1MO as their intersection.
        nth = st.sampled_from(["1", "2", "+3", "5", "-1", "-2"])
        weekdays |= _comma_separated(st.tuples(nth, st.sampled_from(WEEKDAYS)).map("".join))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "INTERVAL": st.integers(1, 5),
        "WKST": st.sampled_from(WEEKDAYS),
        "BYMONTH": _comma_separated(st.integers(1, 12)),
        "BYDAY": weekdays,
        "BYHOUR": _comma_separated(st.integers(0, 23)),
        "BYMINUTE": _comma_separated(st.integers(0, 59)),
        "COUNT": st.integers(1, 9),
    }
    if every_part:
        parts["BYSECOND"] = _comma_separated(st.integers(0, 59))
        parts["BYSETPOS"] = _comma_separated(st.integers(1, 4) | st.integers(-4, -1))
    if freq != "WEEKLY":
        parts["BYMONTHDAY"] = _comma_separated(st.integers(1, 31) | st.integers(-31, -1))
    if every_part and freq in {"HOURLY", "YEARLY"}:
        parts["BYYEARDAY"] = _comma_separated(st.integers(1, 366) | st.integers(-366, -1))
    if every_part and freq == "YEARLY":
        # Not 52 and 53, nor -52 and -53: python-dateutil overlooks days of these weeks.
        parts["BYWEEKNO"] = _comma_separated(st.integers(1, 51) | st.integers(-51, -1))
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), max_size=4, unique=True))
    return ";".join([f"FREQ={freq}", *(f"{name}={draw(parts[name])}" for name in chosen)])
