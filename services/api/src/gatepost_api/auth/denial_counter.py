"""Counting of denied attempts, so that repetitions do not fill the event log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.event import Event, EventKind, to_rfc3339
from gatepost_domain.verification.event_hash import canonical_json

WINDOW: Final = timedelta(minutes=10)
"""How long repetitions of a denied attempt are counted before an event records the total."""

MAX_DISTINCT_ATTEMPTS: Final = 20
"""The maximum number of different denied attempts recorded separately for an actor at a time."""

MAX_DISTINCT_SIGN_INS: Final = 200
"""The maximum number of different denied sign-ins, whose actor is the system, recorded separately
at a time."""

_Key = tuple[str, EventKind, object, str | None, bytes]


@dataclass(slots=True, kw_only=True)
class _Repetitions:
    """A recorded attempt, and the number of its repetitions since then."""

    event: Event
    ends_at: datetime
    count: int = 0
    first_at: datetime
    last_at: datetime


class DeniedAttempts:
    """The denied attempts in the current windows.

    The first attempt is recorded immediately. Repetitions by the same actor, with the same subject
    and reason, are counted and recorded as one event when the window ends. Because an attacker
    could vary the subject, only a limited number of different attempts by an actor are recorded
    separately; any others are counted together.
    """

    def __init__(self) -> None:
        self._repetitions: dict[_Key, _Repetitions] = {}
        self._distinct: Counter[str] = Counter()
        self._lock = Lock()  # an import, which can also be denied, runs in a thread

    def count_attempt(self, event: Event) -> Event | None:
        """Return the event to record for an attempt, or None if the attempt is only counted."""
        with self._lock:
            return self._count_attempt(event)

    def take_repetition_events(self, at: datetime, *, all_windows: bool = False) -> list[Event]:
        """Return an event for each attempt that was repeated in a window that has ended.

        With `all_windows`, also return events for windows that have not ended.
        """
        with self._lock:
            return list(self._take_repetition_events(at, all_windows=all_windows))

    def _count_attempt(self, event: Event) -> Event | None:
        key = _key(event)
        if key not in self._repetitions and self._distinct[event.actor] >= _max_distinct(event):
            event = _summarize_further_attempts(event)
            key = _key(event)
        repetitions = self._repetitions.get(key)
        if repetitions is None:
            self._distinct[event.actor] += 1
        elif event.at < repetitions.ends_at or repetitions.count:
            if not repetitions.count:
                repetitions.first_at = event.at
            repetitions.count += 1
            repetitions.last_at = event.at
            return None
        self._repetitions[key] = _Repetitions(
            event=event, ends_at=event.at + WINDOW, first_at=event.at, last_at=event.at
        )
        return event

    def _take_repetition_events(self, at: datetime, *, all_windows: bool) -> Iterator[Event]:
        for key, repetitions in tuple(self._repetitions.items()):
            if at < repetitions.ends_at and not all_windows:
                continue
            if repetitions.count:
                yield _event_for_repetitions(repetitions, at)
                repetitions.count, repetitions.ends_at = 0, at + WINDOW
            else:
                del self._repetitions[key]
                self._distinct[repetitions.event.actor] -= 1


def _key(event: Event) -> _Key:
    return event.actor, event.kind, event.deployment_id, event.note, canonical_json(event.data)


def _max_distinct(event: Event) -> int:
    return MAX_DISTINCT_SIGN_INS if event.actor == SYSTEM.name else MAX_DISTINCT_ATTEMPTS


def _summarize_further_attempts(event: Event) -> Event:
    """Return the event that represents all further different attempts by the actor."""
    return Event(
        kind=EventKind.ACCESS_DENIED,
        actor=event.actor,
        at=event.at,
        note="Many different attempts were denied; further ones are only counted.",
        data={"code": "many_denials"},
    )


def _event_for_repetitions(repetitions: _Repetitions, at: datetime) -> Event:
    """Return the event for the repetitions, without statuses, which may have changed since."""
    times = "once more" if repetitions.count == 1 else f"{repetitions.count} more times"
    return replace(
        repetitions.event,
        at=at,
        from_status=None,
        to_status=None,
        note=f"{repetitions.event.note} Attempted {times}.",
        data={
            **repetitions.event.data,
            "count": repetitions.count,
            "first_at": to_rfc3339(repetitions.first_at),
            "last_at": to_rfc3339(repetitions.last_at),
        },
    )
