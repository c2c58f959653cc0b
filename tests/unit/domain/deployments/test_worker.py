"""When a worker is lost, and when it is stored again that it was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.deployments.worker import Worker, WorkerState, build_overviews
from tests.support.builders import NOON
from tests.support.domain.claims import a_claim

WORKER = Worker(name="berlin-1", version="1.0", last_seen_at=NOON, lease=timedelta(seconds=15))


@pytest.mark.parametrize(
    ("lease_s", "silent_s", "is_lost"),
    [(15, 15, False), (15, 15.1, True), (60, 59, False), (1, 3, False), (1, 3.1, True)],
)
def test_worker_is_lost_after_its_lease(lease_s: int, silent_s: float, *, is_lost: bool) -> None:
    """A worker is lost once it was silent for its lease, but not within three seconds."""
    worker = replace(WORKER, lease=timedelta(seconds=lease_s))

    assert worker.is_lost(NOON + timedelta(seconds=silent_s)) is is_lost


@pytest.mark.parametrize(
    ("lease_s", "after_s", "is_due"), [(15, 4.9, False), (15, 5, True), (3, 1, True), (60, 5, True)]
)
def test_signs_of_life_are_stored_in_time(lease_s: int, after_s: float, *, is_due: bool) -> None:
    """A sign of life is stored three times in a lease, and at least every five seconds."""
    worker = replace(WORKER, lease=timedelta(seconds=lease_s))

    assert worker.is_last_seen_due(NOON + timedelta(seconds=after_s)) is is_due


@pytest.mark.parametrize(
    ("lease_s", "after_s", "is_overdue"), [(15, 8.4, False), (15, 8.5, True), (3, 2.5, True)]
)
def test_other_requests_store_signs_of_life_only_if_none_waits(
    lease_s: int, after_s: float, *, is_overdue: bool
) -> None:
    """A waiting request stores them first; without one, others do before the worker is lost."""
    worker = replace(WORKER, lease=timedelta(seconds=lease_s))

    assert worker.is_last_seen_overdue(NOON + timedelta(seconds=after_s)) is is_overdue
    assert not worker.is_lost(NOON + timedelta(seconds=after_s))


def test_next_end_of_a_worker() -> None:
    """It is the end of a lease, or when the worker is lost; afterwards, there is none."""
    claim = replace(a_claim(), leased_until=NOON + timedelta(seconds=9))
    (working,) = build_overviews([WORKER], [claim])

    assert working.next_lease_end_or_loss(NOON) == NOON + timedelta(seconds=9)
    assert working.next_lease_end_or_loss(NOON + timedelta(seconds=9)) == NOON + timedelta(
        seconds=15
    )
    assert working.next_lease_end_or_loss(NOON + timedelta(seconds=15)) is None


def test_state_of_a_worker() -> None:
    """A worker with a claim works, one without is idle, and a silent one is lost either way."""
    (working,) = build_overviews([WORKER], [a_claim()])
    (idle,) = build_overviews([WORKER], [])

    assert working.state(NOON) is WorkerState.WORKING
    assert idle.state(NOON) is WorkerState.IDLE
    assert working.state(NOON + timedelta(minutes=1)) is WorkerState.LOST


def test_worker_with_a_claim_is_never_forgotten() -> None:
    """A worker that is not remembered is still in the list while its deployment has not ended."""
    forgotten = a_claim(worker="oslo-1")
    overviews = build_overviews([WORKER], [forgotten])

    assert [overview.worker.name for overview in overviews] == ["berlin-1", "oslo-1"]
    assert overviews[1].claims == (forgotten,)
    assert overviews[1].worker.last_seen_at == forgotten.leased_until - forgotten.lease
