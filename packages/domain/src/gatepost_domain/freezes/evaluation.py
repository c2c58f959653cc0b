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
from gatepost_domain.freezes.recurrence import SEARCH_HORIZON, OccurrenceSeries, parse_series

MAX_SEARCH_STEPS: Final = 250
"""After how many changes the search for an opening is given up."""

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_RESOLUTION: Final = timedelta.resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePeriod:
    """From the one instant up to, and not including, the other; none is until lifted."""

    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeBlock:
    """Why nothing may start."""

    freeze: Freeze
    """The deny that lasts longest, or the allow window that opens next."""
    since: datetime
    """Since when it says no: its span began, or the last window closed, and it was made before."""
    opens_at: datetime | None
    """The first instant at which no freeze says no any more; none where that is not known."""


def is_active(freeze: Freeze, at: datetime) -> bool:
    """Whether one of its spans is on."""
    return active_period(freeze, at) is not None


def active_period(freeze: Freeze, at: datetime) -> FreezePeriod | None:
    """The span that is on; where they overlap, the one that began last and so ends last."""
    if at < freeze.starts_at or at >= _final_end(freeze):
        return None
    recurring = _recurrence(freeze)
    if recurring is None:
        return _period(freeze, freeze.starts_at, None)
    series, duration = recurring
    began = series.last_between(at - duration, at)
    return None if began is None else _period(freeze, began, duration)


def next_period(freeze: Freeze, after: datetime) -> FreezePeriod | None:
    """The first span that begins after an instant; none if none does within ten years."""
    until = min(_final_end(freeze) - _RESOLUTION, after + SEARCH_HORIZON)
    recurring = _recurrence(freeze)
    if recurring is None:
        to_come = after < freeze.starts_at <= until
        return _period(freeze, freeze.starts_at, None) if to_come else None
    series, duration = recurring
    begins = series.first_between(after, until)
    return None if begins is None else _period(freeze, begins, duration)


def has_ended(freeze: Freeze, at: datetime) -> bool:
    """Whether nothing of it is to come any more: it was lifted, or has ended for ever."""
    if is_active(freeze, at) or next_period(freeze, at) is not None:
        return False
    recurring = _recurrence(freeze)
    last = recurring[0].ends_at if recurring else None
    return min(_final_end(freeze), last or _FOREVER) <= at + SEARCH_HORIZON


def find_freeze_block(
    freezes: Iterable[Freeze], service: str, environment: str, tier: Tier, at: datetime
) -> FreezeBlock | None:
    """Whether a start is refused: by an active deny, or for being outside every allow window.

    A deny wins. An allow window counts before it first opens too, until it is lifted or over for
    ever.
    """
    covering = [freeze for freeze in freezes if freeze.scope.covers(service, environment, tier)]
    hold = _current_denial(covering, at)
    if hold is None:
        return None
    return FreezeBlock(
        freeze=hold.freeze,
        since=_blocked_since(hold.freeze, covering, at),
        opens_at=_next_opening(covering, at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Denial:
    """What says no, and until when at least."""

    freeze: Freeze
    until: datetime


def _current_denial(freezes: Sequence[Freeze], at: datetime) -> _Denial | None:
    denying = [
        _Denial(freeze=freeze, until=span.ends_at or _FOREVER)
        for freeze in freezes
        if freeze.effect is Effect.DENY and (span := active_period(freeze, at))
    ]
    if denying:
        return max(denying, key=lambda hold: hold.until)
    windows = [freeze for freeze in freezes if freeze.effect is Effect.ALLOW]
    if any(is_active(page_request, at) for page_request in windows):
        return None
    closed = [
        _Denial(
            freeze=page_request,
            until=span.starts_at if (span := next_period(page_request, at)) else _FOREVER,
        )
        for page_request in windows
        if not has_ended(page_request, at)
    ]
    return min(closed, key=lambda hold: hold.until, default=None)


def _next_opening(freezes: Sequence[Freeze], at: datetime) -> datetime | None:
    """Go from change to change until nothing says no, for so many steps and ten years at most."""
    instant = at
    for _ in range(MAX_SEARCH_STEPS):
        hold = _current_denial(freezes, instant)
        if hold is None:
            return instant
        if hold.until > at + SEARCH_HORIZON:
            return None
        instant = hold.until
    return None


def _blocked_since(freeze: Freeze, freezes: Sequence[Freeze], at: datetime) -> datetime:
    span = active_period(freeze, at)
    if span is not None:
        return max(span.starts_at, freeze.created_at)
    windows = [freeze for freeze in freezes if freeze.effect is Effect.ALLOW]
    made = min(
        page_request.created_at for page_request in windows if not has_ended(page_request, at)
    )
    return max(made, *(_last_window_end(page_request, made, at) for page_request in windows))


def _last_window_end(page_request: Freeze, made: datetime, at: datetime) -> datetime:
    """When the window, which is closed, last closed; `made` if it did not since then."""
    over, recurring = _final_end(page_request), _recurrence(page_request)
    if recurring is None:
        return over if page_request.starts_at < over <= at else made
    series, duration = recurring
    began = series.last_between(made - duration, min(at, over - _RESOLUTION))
    return made if began is None else min(began + duration, over)


def _recurrence(freeze: Freeze) -> tuple[OccurrenceSeries, timedelta] | None:
    if freeze.rrule is None or freeze.duration is None:
        return None
    return parse_series(freeze.rrule, freeze.starts_at, freeze.timezone), freeze.duration


def _final_end(freeze: Freeze) -> datetime:
    """When it ends as a whole, whatever it would still do."""
    return min(freeze.ends_at or _FOREVER, freeze.lifted_at or _FOREVER)


def _period(freeze: Freeze, began: datetime, duration: timedelta | None) -> FreezePeriod:
    ends_at = min(_final_end(freeze), _FOREVER if duration is None else began + duration)
    return FreezePeriod(starts_at=began, ends_at=None if ends_at == _FOREVER else ends_at)
