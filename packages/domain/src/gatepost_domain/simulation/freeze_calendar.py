"""Finding out when past freezes blocked deployments from starting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import active_period, has_ended, next_period
from gatepost_domain.freezes.freeze import Effect, Freeze
from gatepost_domain.freezes.occurrences import SEARCH_HORIZON

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


class FreezeCalendar:
    """An environment's freezes, which must be queried in chronological order.

    A freeze applies from its creation until it ends or is lifted.
    """

    def __init__(self, freezes: Iterable[Freeze], environment: str) -> None:
        self._environment = environment
        self._timelines = tuple(_Timeline(freeze) for freeze in freezes)

    def is_blocked(self, service: str, tier: Tier, at: datetime) -> bool:
        """Return whether a freeze blocked a start, by the same rules as `find_freeze_block`."""
        has_windows = has_open_window = False
        for timeline in self._timelines:
            freeze = timeline.freeze
            if freeze.created_at > at or not freeze.scope.covers(service, self._environment, tier):
                continue
            timeline.advance(at)
            if freeze.effect is Effect.ALLOW:
                has_windows = has_windows or not timeline.has_ended
                has_open_window = has_open_window or timeline.is_active
            elif timeline.is_active:
                return True
        return has_windows and not has_open_window


class _Timeline:
    """Determines whether a freeze is active, at instants given in chronological order.

    Each period of a recurring freeze is computed only once.
    """

    def __init__(self, freeze: Freeze) -> None:
        self.freeze = freeze
        self.is_active = False
        self.has_ended = False
        self._known_until = _ALWAYS

    def advance(self, at: datetime) -> None:
        """Advance to an instant, which must not be earlier than the previous one."""
        if at < self._known_until:
            return
        period = active_period(self.freeze, at)
        self.is_active = period is not None
        if period is not None:
            self._known_until = period.ends_at or _NEVER
            return
        upcoming = next_period(self.freeze, at)
        self.has_ended = upcoming is None and has_ended(self.freeze, at)
        if upcoming is not None:
            self._known_until = upcoming.starts_at
        else:
            self._known_until = _NEVER if self.has_ended else at + SEARCH_HORIZON
