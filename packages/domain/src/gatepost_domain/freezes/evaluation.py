"""When freezes are on: their spans, and whether they let a deployment start at an instant.

A span lasts an exact length of elapsed time: 62 h stay 62 h over a change of the clocks; what keeps
to the local time is where it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.freeze import Effect, Freeze
from gatepost_domain.freezes.recurrence import HORIZON, Series, series_of

MAX_STEPS: Final = 250
"""After how many changes the search for an opening is given up."""

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_TICK: Final = timedelta.resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the one instant up to, and not including, the other; none is until lifted."""

    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Why nothing may start."""

    freeze: Freeze
    """The deny that lasts longest, or the allow window that opens next."""
    since: datetime
    """Since when it says no: its span began, or the last window closed, and it was made before."""
    opens_at: datetime | None
    """The first instant at which no freeze says no any more; none where that is not known."""


def is_active(freeze: Freeze, at: datetime) -> bool:
    """Whether one of its spans is on."""
    return span_at(freeze, at) is not None


def span_at(freeze: Freeze, at: datetime) -> Span | None:
    """The span that is on; where they overlap, the one that began last and so ends last."""
    if at < freeze.starts_at or at >= _over(freeze):
        return None
    recurring = _recurring(freeze)
    if recurring is None:
        return _span(freeze, freeze.starts_at, None)
    series, duration = recurring
    began = series.latest(at - duration, at)
    return None if began is None else _span(freeze, began, duration)


def next_span(freeze: Freeze, after: datetime) -> Span | None:
    """The first span that begins after an instant; none if none does within ten years."""
    until = min(_over(freeze) - _TICK, after + HORIZON)
    recurring = _recurring(freeze)
    if recurring is None:
        to_come = after < freeze.starts_at <= until
        return _span(freeze, freeze.starts_at, None) if to_come else None
    series, duration = recurring
    begins = series.earliest(after, until)
    return None if begins is None else _span(freeze, begins, duration)


def is_over(freeze: Freeze, at: datetime) -> bool:
    """Whether nothing of it is to come any more: it was lifted, or has ended for ever."""
    if is_active(freeze, at) or next_span(freeze, at) is not None:
        return False
    recurring = _recurring(freeze)
    last = recurring[0].last if recurring else None
    return min(_over(freeze), last or _FOREVER) <= at + HORIZON


def verdict(
    freezes: Iterable[Freeze], service: str, environment: str, tier: Tier, at: datetime
) -> Blocked | None:
    """Whether a start is refused: by an active deny, or for being outside every allow window.

    A deny wins. An allow window counts before it first opens too, until it is lifted or over for
    ever.
    """
    covering = [freeze for freeze in freezes if freeze.scope.covers(service, environment, tier)]
    hold = _hold(covering, at)
    if hold is None:
        return None
    return Blocked(
        freeze=hold.freeze, since=_since(hold.freeze, covering, at), opens_at=_opening(covering, at)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hold:
    """What says no, and until when at least."""

    freeze: Freeze
    until: datetime


def _hold(freezes: Sequence[Freeze], at: datetime) -> _Hold | None:
    denying = [
        _Hold(freeze=freeze, until=span.ends_at or _FOREVER)
        for freeze in freezes
        if freeze.effect is Effect.DENY and (span := span_at(freeze, at))
    ]
    if denying:
        return max(denying, key=lambda hold: hold.until)
    windows = [freeze for freeze in freezes if freeze.effect is Effect.ALLOW]
    if any(is_active(window, at) for window in windows):
        return None
    closed = [
        _Hold(freeze=window, until=span.starts_at if (span := next_span(window, at)) else _FOREVER)
        for window in windows
        if not is_over(window, at)
    ]
    return min(closed, key=lambda hold: hold.until, default=None)


def _opening(freezes: Sequence[Freeze], at: datetime) -> datetime | None:
    """Go from change to change until nothing says no, for so many steps and ten years at most."""
    instant = at
    for _ in range(MAX_STEPS):
        hold = _hold(freezes, instant)
        if hold is None:
            return instant
        if hold.until > at + HORIZON:
            return None
        instant = hold.until
    return None


def _since(freeze: Freeze, freezes: Sequence[Freeze], at: datetime) -> datetime:
    span = span_at(freeze, at)
    if span is not None:
        return max(span.starts_at, freeze.created_at)
    windows = [freeze for freeze in freezes if freeze.effect is Effect.ALLOW]
    made = min(window.created_at for window in windows if not is_over(window, at))
    return max(made, *(_last_end(window, made, at) for window in windows))


def _last_end(window: Freeze, made: datetime, at: datetime) -> datetime:
    """When the window, which is closed, last closed; `made` if it did not since then."""
    over, recurring = _over(window), _recurring(window)
    if recurring is None:
        return over if window.starts_at < over <= at else made
    series, duration = recurring
    began = series.latest(made - duration, min(at, over - _TICK))
    return made if began is None else min(began + duration, over)


def _recurring(freeze: Freeze) -> tuple[Series, timedelta] | None:
    if freeze.rrule is None or freeze.duration is None:
        return None
    return series_of(freeze.rrule, freeze.starts_at, freeze.timezone), freeze.duration


def _over(freeze: Freeze) -> datetime:
    """When it ends as a whole, whatever it would still do."""
    return min(freeze.ends_at or _FOREVER, freeze.lifted_at or _FOREVER)


def _span(freeze: Freeze, began: datetime, duration: timedelta | None) -> Span:
    ends_at = min(_over(freeze), _FOREVER if duration is None else began + duration)
    return Span(starts_at=began, ends_at=None if ends_at == _FOREVER else ends_at)
