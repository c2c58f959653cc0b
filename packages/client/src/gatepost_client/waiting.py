"""The rules for `wait_for`: statuses that end it, time limits, and tolerated errors."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Final, TypeAlias

from .errors import DeploymentEnded, GatepostError, NotSendable, WaitTimedOut
from .models import Deployment, DeploymentStatus, Event
from .retries import is_temporary

Until: TypeAlias = DeploymentStatus | str | Iterable[DeploymentStatus | str]

OUTAGE_LIMIT_S: Final = 300.0
"""How long the server may be unavailable, for example during an upgrade."""

MIN_INTERVAL_S: Final = 0.5
MAX_INTERVAL_S: Final = 5.0
"""The longest time between two polls, and thus the longest delay in noticing a change."""

ENDED: Final[frozenset[str]] = frozenset(
    {
        DeploymentStatus.SUCCEEDED,
        DeploymentStatus.FAILED,
        DeploymentStatus.REJECTED,
        DeploymentStatus.CANCELLED,
        DeploymentStatus.ROLLED_BACK,
    }
)
"""The statuses in which a deployment has ended."""


class OutageBackoff:
    """Decides whether to continue while the server is unavailable, and when to try again."""

    def __init__(self, *, min_delay_s: float, max_delay_s: float) -> None:
        self._min_delay_s = min_delay_s
        self._max_delay_s = max_delay_s
        self._delay_s = min_delay_s
        self._available_at = time.monotonic()

    def reset(self) -> None:
        """Record that the server responded; the next delay is then the shortest one."""
        self._available_at, self._delay_s = time.monotonic(), self._min_delay_s

    def next_delay_s(self, error: GatepostError | None = None) -> float:
        """Return how long to wait before the next attempt; it increases up to the maximum.

        Raises:
            GatepostError: The error, if it is permanent or the server was unavailable for too long.
        """
        if error is None:
            self._available_at = time.monotonic()
        elif not is_temporary(error) or time.monotonic() - self._available_at > OUTAGE_LIMIT_S:
            raise error
        delay_s, self._delay_s = self._delay_s, min(2 * self._delay_s, self._max_delay_s)
        return delay_s


class Wait:
    """The wait for one deployment: decides after each poll whether the wait is over."""

    def __init__(self, until: Until | None, timeout_s: float | None) -> None:
        """Begin to wait; by default, until the deployment has ended, without a time limit.

        Raises:
            NotSendable: One of the statuses does not exist.
        """
        statuses = ENDED if until is None else [until] if isinstance(until, str) else until
        self._until = frozenset(f"{status}" for status in statuses)
        for status in self._until - {*DeploymentStatus}:
            raise NotSendable(
                f"{status!r} is not a status; the statuses are {', '.join(DeploymentStatus)}."
            )
        self._timeout_s = math.inf if timeout_s is None else timeout_s
        self._deadline = time.monotonic() + self._timeout_s
        self._outage = OutageBackoff(min_delay_s=MIN_INTERVAL_S, max_delay_s=MAX_INTERVAL_S)
        self._revision = 0

    def is_reached(self, deployment: Deployment) -> bool:
        """Return whether the deployment has one of the statuses now."""
        return deployment.status in self._until

    def needs_history(self, deployment: Deployment) -> bool:
        """Return whether the deployment may have had one of the statuses since the last poll."""
        return deployment.revision != self._revision and (
            deployment.status in ENDED or not self._until <= ENDED
        )

    def is_in_history(self, events: Iterable[Event]) -> bool:
        """Return whether the deployment has had one of the statuses."""
        return any(event.to_status in self._until for event in events)

    def delay_s_after(self, deployment: Deployment) -> float:
        """Return how long to wait before the next poll; shorter after a change.

        Raises:
            DeploymentEnded: The deployment has ended with another status.
            WaitTimedOut: The time is up.
        """
        if deployment.status in ENDED:
            raise DeploymentEnded(deployment, self._until)
        if self._remaining_s() <= 0:
            raise WaitTimedOut(deployment, self._timeout_s)
        if deployment.revision != self._revision:
            self._revision = deployment.revision
            self._outage.reset()
        return min(self._outage.next_delay_s(), self._remaining_s())

    def delay_s_after_error(self, error: GatepostError) -> float:
        """Return how long to wait after an error.

        Raises:
            GatepostError: The error, if it is permanent, the server was unavailable for too long,
                or the time is up.
        """
        if self._remaining_s() <= 0:
            raise error
        return min(self._outage.next_delay_s(error), self._remaining_s())

    def _remaining_s(self) -> float:
        return max(0.0, self._deadline - time.monotonic())
