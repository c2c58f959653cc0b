"""The waiting deployments that may be able to start now.

However many deployments are waiting, only the first ones in each lane are examined, plus a few of
the others; these change every second so that each gets its turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from heapq import merge
from itertools import islice
from typing import Final

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.lane_state import WaitingFor, WaitingLane
from gatepost_domain.freezes.evaluation import find_freeze_block
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_CANDIDATES: Final = 32
"""The maximum number of deployments examined at a time."""
FIRST_LANES: Final = 8
"""The number of longest-waiting lanes that are examined before the others get their turn."""
FIRST_IN_LANE: Final = 4
"""The number of deployments at the head of a lane's queue that are examined before the others."""


def find_start_candidates(
    uow: UnitOfWork,
    waiting_for: WaitingFor,
    at: datetime,
    *,
    may_start_in: Callable[[str, str], bool] = lambda _service, _environment: True,
) -> Iterator[Deployment]:
    """Yield deployments waiting in lanes that are not busy, starting with the first in each lane.

    Deployments blocked by a freeze or by a newer deployment in their lane are left out.
    """
    waiting = [
        lane
        for lane in uow.deployments.list_waiting_lanes(waiting_for)
        if may_start_in(lane.service, lane.environment)
    ]
    if not waiting:
        return
    freezes = uow.freezes.list_current_and_future(at)
    lanes: list[tuple[WaitingLane, bool]] = []
    for lane in waiting:
        block = find_freeze_block(freezes, lane.service, lane.environment, lane.tier, at)
        if block is None or lane.has_exempt:
            lanes.append((lane, block is not None))
    in_lanes = [
        _candidates_in(
            uow,
            waiting_for,
            lane.service,
            lane.environment,
            at,
            only_exempt=only_exempt,
            has_exempt=lane.has_exempt,
        )
        for lane, only_exempt in _rotate_after_first(lanes, FIRST_LANES, at)
    ]
    yield from islice(_round_robin(in_lanes), MAX_CANDIDATES)


def find_candidates_in_lane(
    uow: UnitOfWork, waiting_for: WaitingFor, service: str, environment: str, at: datetime
) -> Iterator[Deployment]:
    """Yield deployments waiting in a lane, in queue order."""
    candidates = _candidates_in(uow, waiting_for, service, environment, at, only_exempt=False)
    return islice(candidates, MAX_CANDIDATES)


def _candidates_in(  # the lane, and what to find in it
    uow: UnitOfWork,
    waiting_for: WaitingFor,
    service: str,
    environment: str,
    at: datetime,
    *,
    only_exempt: bool,
    has_exempt: bool = True,
) -> Iterator[Deployment]:
    """Yield a lane's candidates in queue order; in a frozen lane, yield only exempt deployments."""
    newest = uow.deployments.lane_state(service, environment).newest
    after_number = 0 if newest is None else newest.number
    seen: set[int] = set()

    def queue(*, exempt: bool, after_number: int) -> Iterator[Deployment]:
        def read(limit: int, offset: int) -> tuple[Deployment, ...]:
            return uow.deployments.list_in_queue(
                waiting_for,
                service,
                environment,
                only_exempt=exempt,
                after_number=after_number,
                limit=limit,
                offset=offset,
            )

        head = read(1, 0)  # in most lanes, no other deployment gets its turn
        yield from head
        following = read(FIRST_IN_LANE - 1, 1) if head else ()
        yield from following
        if len(following) < FIRST_IN_LANE - 1:
            return
        count = uow.deployments.count_in_queue(
            waiting_for, service, environment, only_exempt=exempt, after_number=after_number
        )
        if (others := count - FIRST_IN_LANE) > 0:
            yield from read(MAX_CANDIDATES, FIRST_IN_LANE + _rotation_index(others, at))

    queues: list[Iterator[Deployment]] = []
    if not only_exempt:
        queues.append(queue(exempt=False, after_number=after_number))
    if has_exempt and (only_exempt or after_number > 0):
        queues.append(queue(exempt=True, after_number=0))
    for deployment in merge(*queues, key=partial(queue_position, waiting_for)):
        if deployment.number not in seen:
            seen.add(deployment.number)
            yield deployment


def queue_position(waiting_for: WaitingFor, deployment: Deployment) -> tuple[datetime, int]:
    """Return a waiting deployment's position in its lane's queue, as a sort key."""
    if waiting_for is WaitingFor.WORKER and deployment.queued_at is not None:
        return deployment.queued_at, deployment.number
    return datetime.min.replace(tzinfo=UTC), deployment.number


def _rotate_after_first(
    lanes: Sequence[tuple[WaitingLane, bool]], first: int, at: datetime
) -> Iterable[tuple[WaitingLane, bool]]:
    """Return the first lanes, then the others in an order that is rotated each second."""
    others = lanes[first:]
    if len(lanes) <= MAX_CANDIDATES:
        return lanes
    start = _rotation_index(len(others), at)
    return (*lanes[:first], *others[start:], *others[:start])


def _rotation_index(count: int, at: datetime) -> int:
    """Return the index, below `count`, whose turn it is."""
    return int(at.timestamp()) * (MAX_CANDIDATES - FIRST_LANES) % count


def _round_robin(iterators: Iterable[Iterator[Deployment]]) -> Iterator[Deployment]:
    """Yield items by taking one from each iterator in turn."""
    remaining = deque(iterators)
    while remaining:
        iterator = remaining.popleft()
        for deployment in islice(iterator, 1):
            remaining.append(iterator)
            yield deployment
