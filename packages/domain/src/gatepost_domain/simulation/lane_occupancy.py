"""When an environment's lanes were busy in the past."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import accumulate, groupby
from typing import Final

from gatepost_domain.simulation.history import PastDeployment, PastRollout
from gatepost_domain.simulation.time_sets import TimeRanges

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class LaneHistory:
    """When an environment's lanes were busy, and which requests were overtaken by later ones."""

    def __init__(self, rollouts: Sequence[PastRollout]) -> None:
        self._busy: dict[str, TimeRanges] = {}
        self._newer: dict[str, tuple[list[int], list[datetime]]] = {}
        in_order = sorted(rollouts, key=lambda rollout: (rollout.service, rollout.number))
        for service, lane in groupby(in_order, key=lambda rollout: rollout.service):
            of_lane = list(lane)
            self._busy[service] = TimeRanges(
                (rollout.started_at, rollout.ended_at)
                for rollout in of_lane
                if rollout.started_at is not None
            )
            firsts = accumulate(map(_queued_or_started_at, reversed(of_lane)), min)
            numbers = [rollout.number for rollout in of_lane]
            self._newer[service] = numbers, list(firsts)[::-1]

    def was_busy_at_queueing(self, deployment: PastDeployment) -> bool:
        """Return whether another deployment was in progress when this one was queued."""
        at, busy = deployment.queued_at, self._busy.get(deployment.service)
        # At that time, the deployment itself was not yet in progress, unless it started at once.
        return at is not None and busy is not None and at < deployment.at and at in busy

    def was_overtaken(self, deployment: PastDeployment) -> bool:
        """Return whether a later request was queued or started before this deployment started."""
        numbers, first_moves = self._newer.get(deployment.service, ([], []))
        position = bisect_left(numbers, deployment.number + 1)
        return position < len(numbers) and first_moves[position] < deployment.at


def _queued_or_started_at(rollout: PastRollout) -> datetime:
    """Return when a deployment was first queued or started."""
    return min(rollout.queued_at or _NEVER, rollout.started_at or _NEVER)
