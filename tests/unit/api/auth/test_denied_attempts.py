"""Repeated denials are counted, and recorded as one event when their window ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gatepost_api.auth.denial_counter import (
    MAX_DISTINCT_ATTEMPTS,
    MAX_DISTINCT_SIGN_INS,
    WINDOW,
    DeniedAttempts,
)
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, an_id

DEPLOYMENT = an_id()
SECOND = timedelta(seconds=1)


def a_denial(**changes: Any) -> Event:
    fields: dict[str, Any] = {
        "kind": EventKind.ACCESS_DENIED,
        "actor": "mo",
        "at": NOON,
        "note": "mo needs the admin role.",
        "data": {"code": "forbidden"},
    }
    return Event(**(fields | changes))


def test_first_attempt_is_recorded_at_once() -> None:
    """The event is recorded unchanged, and nothing follows when the window ends."""
    attempts, denial = DeniedAttempts(), a_denial()

    assert attempts.count_attempt(denial) is denial
    assert attempts.take_repetition_events(NOON + WINDOW) == []


def test_repetitions_become_one_event_with_their_number() -> None:
    """The event is recorded when the window ends, with the first and the last repetition."""
    attempts = DeniedAttempts()
    attempts.count_attempt(a_denial())
    times = [NOON + number * SECOND for number in range(1, 2000)]

    assert [attempts.count_attempt(a_denial(at=at)) for at in times] == [None] * 1999
    assert attempts.take_repetition_events(NOON + WINDOW - SECOND) == []
    (counted,) = attempts.take_repetition_events(times[-1] + WINDOW)

    assert counted == a_denial(
        at=times[-1] + WINDOW,
        note="mo needs the admin role. Attempted 1999 more times.",
        data={
            "code": "forbidden",
            "count": 1999,
            "first_at": to_rfc3339(times[0]),
            "last_at": to_rfc3339(times[-1]),
        },
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "zoe"},
        {"kind": EventKind.REVIEW_DENIED},
        {"deployment_id": DEPLOYMENT},
        {"note": "mo needs the admin role for shop."},
        {"data": {"code": "act_as_forbidden"}},
    ],
)
def test_different_attempts_are_recorded_separately(changes: dict[str, Any]) -> None:
    """An attempt by another actor, on another subject or for another reason is not a repetition."""
    attempts, other = DeniedAttempts(), a_denial(**changes)
    attempts.count_attempt(a_denial())

    assert attempts.count_attempt(other) is other


def test_counted_attempts_do_not_claim_a_status() -> None:
    """The deployment may have another status by the end of the window."""
    attempts = DeniedAttempts()
    for _ in range(2):
        attempts.count_attempt(
            a_denial(
                deployment_id=DEPLOYMENT,
                from_status=Status.APPROVED,
                to_status=Status.APPROVED,
            )
        )

    (counted,) = attempts.take_repetition_events(NOON + WINDOW)

    assert counted.deployment_id == DEPLOYMENT
    assert (counted.from_status, counted.to_status) == (None, None)
    assert counted.note == "mo needs the admin role. Attempted once more."


def test_attempts_that_go_on_are_counted_window_by_window() -> None:
    """While the attempts continue, each window has one event."""
    attempts = DeniedAttempts()
    attempts.count_attempt(a_denial())
    attempts.count_attempt(a_denial())
    attempts.take_repetition_events(NOON + WINDOW)

    assert attempts.count_attempt(a_denial(at=NOON + WINDOW + SECOND)) is None
    (counted,) = attempts.take_repetition_events(NOON + 2 * WINDOW)

    assert counted.data["count"] == 1


def test_attempt_after_a_quiet_window_is_recorded_at_once() -> None:
    """An attempt that was not repeated in its window is forgotten."""
    attempts, later = DeniedAttempts(), a_denial(at=NOON + WINDOW)
    attempts.count_attempt(a_denial())

    assert attempts.count_attempt(later) is later
    attempts.take_repetition_events(NOON + 2 * WINDOW)
    assert attempts.count_attempt(a_denial(at=NOON + 2 * WINDOW)) is not None


@pytest.mark.parametrize(
    ("actor", "maximum"), [("mo", MAX_DISTINCT_ATTEMPTS), ("system", MAX_DISTINCT_SIGN_INS)]
)
def test_number_of_different_attempts_is_bounded(actor: str, maximum: int) -> None:
    """Beyond it, one event says so, and the others are only counted; other actors are not hit."""
    attempts = DeniedAttempts()
    recorded = [attempts.count_attempt(a_denial(actor=actor, note=f"No {n}.")) for n in range(2000)]

    events = [event for event in recorded if event is not None]
    assert len(events) == maximum + 1
    assert events[-1].data == {"code": "many_denials"}
    (counted,) = attempts.take_repetition_events(NOON + WINDOW)
    assert counted.data["count"] == 2000 - maximum - 1
    assert attempts.count_attempt(a_denial(actor="zoe")) is not None


def test_windows_end_early_at_shutdown() -> None:
    """Nothing that was counted is lost when the server stops."""
    attempts = DeniedAttempts()
    attempts.count_attempt(a_denial())
    attempts.count_attempt(a_denial())

    (counted,) = attempts.take_repetition_events(NOON + SECOND, all_windows=True)

    assert (counted.data["count"], counted.at) == (1, NOON + SECOND)
