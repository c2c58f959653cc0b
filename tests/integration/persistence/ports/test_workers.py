"""Every ledger remembers workers in the same way."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from gatepost_domain.deployments.worker import FORGET_AFTER, Worker
from gatepost_domain.ports.unit_of_work import UnitOfWork
from tests.support.builders import NOON
from tests.support.storage.ledgers import AnyLedger


def a_worker(name: str, at: datetime = NOON, version: str | None = "1.0") -> Worker:
    return Worker(name=name, version=version, last_seen_at=at, lease=timedelta(seconds=15))


def save(uow: UnitOfWork, *, worker: Worker) -> None:
    uow.claims.save_worker(worker)


async def store(ledger: AnyLedger, *workers: Worker) -> None:
    for worker in workers:
        await ledger.perform(partial(save, worker=worker))


async def test_worker_is_stored_once(ledger: AnyLedger) -> None:
    """A worker that is seen again replaces what was known about it; the list is by name."""
    later = NOON + timedelta(minutes=1)
    await store(ledger, a_worker("b"), a_worker("a", version=None), a_worker("b", later, "2.0"))

    workers = [overview.worker for overview in await ledger.reads.workers()]
    assert workers == [a_worker("a", version=None), a_worker("b", later, "2.0")]


async def test_seeing_a_worker_is_no_event(ledger: AnyLedger) -> None:
    """Workers come and go without a trace in the event log."""
    before = (await ledger.reads.operating_figures()).last_seq
    await store(ledger, a_worker("a"))

    figures = await ledger.reads.operating_figures()
    assert figures.last_seq == before
    assert [overview.worker.name for overview in figures.workers] == ["a"]


async def test_worker_is_found_by_name(ledger: AnyLedger) -> None:
    """A worker is found by its name; an unknown one is not."""
    await store(ledger, a_worker("a"))

    known = await ledger.perform(lambda uow: uow.claims.find_recent_worker("a"))
    unknown = await ledger.perform(lambda uow: uow.claims.find_recent_worker("b"))
    assert known == a_worker("a")
    assert unknown is None


async def test_silent_worker_is_forgotten(ledger: AnyLedger) -> None:
    """A worker that was not seen for an hour is forgotten when another one is seen."""
    await store(ledger, a_worker("a"), a_worker("b", NOON + FORGET_AFTER + timedelta(seconds=1)))

    assert [overview.worker.name for overview in await ledger.reads.workers()] == ["b"]
