"""Evaluating freezes: their periods, and whether a deployment may start at an instant.

A period of 62 hours lasts 62 hours even if the clocks change during it. Its start follows local
time, and so do the days and weeks of a nominal duration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.duration import FreezeDuration, end_after, max_length
from gatepost_domain.freezes.freeze import Effect, Freeze
from gatepost_domain.freezes.occurrences import SEARCH_HORIZON, OccurrenceSeries, parse_series

MAX_SEARCH_STEPS: Final = 250
"""The maximum number of changes examined when searching for the next allowed start."""

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)
_RESOLUTION: Final = timedelta.resolution
_ZONE_MARGIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePeriod:
    """A period from `starts_at` to `ends_at`, exclusive, or until the freeze is lifted."""

    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeBlock:
    """A freeze, or an allow window that is not open, which blocks deployments from starting."""

    freeze: Freeze
    """The deny freeze that ends last, or the allow window that opens next."""
    since: datetime
    """When the block began: the period's start or the last window's end, but not before
    the freeze was created."""
    opens_at: datetime | None
    """The first instant at which no freeze blocks a start; None if unknown."""


def is_active(freeze: Freeze, at: datetime) -> bool:
    """Return whether one of the freeze's periods is active."""
    return active_period(freeze, at) is not None


def active_period(freeze: Freeze, at: datetime) -> FreezePeriod | None:
    """Return the active period; if several are active, return the one that ends last."""
    if at < freeze.starts_at or at >= _final_end(freeze):
        return None
    recurring = _parse_recurrence(freeze)
    if recurring is None:
        return _build_period(freeze, freeze.starts_at, None)
    series, duration = recurring
    last_start = series.last_between(at - max_length(duration), at)
    if last_start is None:
        return None
    if isinstance(duration, timedelta):
        return _build_period(freeze, last_start, duration)
    # A gap in local time can make a nominal period end after a later one.
    starts = series.starts_between(last_start - 2 * _ZONE_MARGIN, last_start)
    periods = (_build_period(freeze, starts_at, duration) for starts_at in starts)
    period = max(periods, key=lambda period: period.ends_at or _FOREVER)
    return period if period.ends_at is None or at < period.ends_at else None


def next_period(freeze: Freeze, after: datetime) -> FreezePeriod | None:
    """Return the first period that starts after an instant and within ten years of it."""
    until = min(_final_end(freeze) - _RESOLUTION, after + SEARCH_HORIZON)
    recurring = _parse_recurrence(freeze)
    if recurring is None:
        is_upcoming = after < freeze.starts_at <= until
        return _build_period(freeze, freeze.starts_at, None) if is_upcoming else None
    series, duration = recurring
    starts_at = series.first_between(after, until)
    return None if starts_at is None else _build_period(freeze, starts_at, duration)


def active_and_next_periods(
    freeze: Freeze, at: datetime, *, limit: int
) -> tuple[FreezePeriod, ...]:
    """Return the periods that are active or upcoming at an instant, in order."""
    periods = [period] if (period := active_period(freeze, at)) is not None else []
    after = at
    while len(periods) < limit and (period := next_period(freeze, after)) is not None:
        periods.append(period)
        after = period.starts_at
    return tuple(periods)


def periods_between(
    freeze: Freeze, since: datetime, until: datetime, *, limit: int
) -> tuple[FreezePeriod, ...]:
    """Return up to `limit` periods that are active within a time span, in order."""
    periods = [period] if (period := active_period(freeze, since)) is not None else []
    after = since
    while len(periods) < limit and (period := next_period(freeze, after)) is not None:
        if period.starts_at >= until:
            break
        periods.append(period)
        after = period.starts_at
    return tuple(periods)


def has_ended(freeze: Freeze, at: datetime) -> bool:
    """Return whether the freeze was lifted or has no active or future period."""
    if is_active(freeze, at) or next_period(freeze, at) is not None:
        return False
    recurring = _parse_recurrence(freeze)
    last = recurring[0].last_start_at if recurring else None
    return min(_final_end(freeze), last or _FOREVER) <= at + SEARCH_HORIZON


def find_freeze_block(
    freezes: Iterable[Freeze], service: str, environment: str, tier: Tier, at: datetime
) -> FreezeBlock | None:
    """Return what blocks a start: an active deny freeze, or being outside all allow windows.

    A deny freeze takes precedence. An allow window applies from its creation, even before it first
    opens, until it is lifted or has ended.
    """
    applicable = [freeze for freeze in freezes if freeze.scope.covers(service, environment, tier)]
    blocking = _find_blocking_freeze(applicable, at)
    if blocking is None:
        return None
    return FreezeBlock(
        freeze=blocking.freeze,
        since=_blocked_since(blocking.freeze, applicable, at),
        opens_at=_next_allowed_start(applicable, at),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _BlockingFreeze:
    """A freeze that blocks starts, and the earliest time at which it may stop doing so."""

    freeze: Freeze
    until: datetime


def _find_blocking_freeze(freezes: Sequence[Freeze], at: datetime) -> _BlockingFreeze | None:
    denying = [
        _BlockingFreeze(freeze=freeze, until=period.ends_at or _FOREVER)
        for freeze in freezes
        if freeze.effect is Effect.DENY and (period := active_period(freeze, at))
    ]
    if denying:
        return max(denying, key=lambda blocking: blocking.until)
    windows = [freeze for freeze in freezes if freeze.effect is Effect.ALLOW]
    if any(is_active(window, at) for window in windows):
        return None
    closed_windows = [
        _BlockingFreeze(
            freeze=window,
            until=period.starts_at if (period := next_period(window, at)) else _FOREVER,
        )
        for window in windows
        if not has_ended(window, at)
    ]
    return min(closed_windows, key=lambda blocking: blocking.until, default=None)


def _next_allowed_start(freezes: Sequence[Freeze], at: datetime) -> datetime | None:
    """Return when starts are next allowed, searching at most `MAX_SEARCH_STEPS` changes ahead."""
    instant = at
    for _ in range(MAX_SEARCH_STEPS):
        blocking = _find_blocking_freeze(freezes, instant)
        if blocking is None:
            return instant
        if blocking.until > at + SEARCH_HORIZON:
            return None
        instant = blocking.until
    return None


def _blocked_since(freeze: Freeze, freezes: Sequence[Freeze], at: datetime) -> datetime:
    period = active_period(freeze, at)
    if period is not None:
        return max(period.starts_at, freeze.created_at)
    windows = [freeze for freeze in freezes if freeze.effect is Effect.ALLOW]
    created_at = min(window.created_at for window in windows if not has_ended(window, at))
    return max(created_at, *(_last_window_end(window, created_at, at) for window in windows))


def _last_window_end(window: Freeze, created_at: datetime, at: datetime) -> datetime:
    """Return when the window's latest past period ended, or `created_at` if there is none."""
    final_end, recurring = _final_end(window), _parse_recurrence(window)
    if recurring is None:
        return final_end if window.starts_at < final_end <= at else created_at
    series, duration = recurring
    starts_at = series.last_between(
        created_at - max_length(duration), min(at, final_end - _RESOLUTION)
    )
    if starts_at is None:
        return created_at
    return min(end_after(starts_at, duration, window.timezone), final_end)


def _parse_recurrence(freeze: Freeze) -> tuple[OccurrenceSeries, FreezeDuration] | None:
    if freeze.rrule is None or freeze.duration is None:
        return None
    return parse_series(freeze.rrule, freeze.starts_at, freeze.timezone), freeze.duration


def _final_end(freeze: Freeze) -> datetime:
    """Return when the freeze as a whole ends, including all its recurrences."""
    return min(freeze.ends_at or _FOREVER, freeze.lifted_at or _FOREVER)


def _build_period(
    freeze: Freeze, starts_at: datetime, duration: FreezeDuration | None
) -> FreezePeriod:
    ends_at = _final_end(freeze)
    if duration is not None:
        ends_at = min(ends_at, end_after(starts_at, duration, freeze.timezone))
    return FreezePeriod(starts_at=starts_at, ends_at=None if ends_at == _FOREVER else ends_at)
