"""What takes long in the write lane does not keep those waiting who only read."""

from __future__ import annotations

import asyncio
import threading

import pytest

from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.acting import all_entries
from tests.support.builders import a_service, an_event, create_catalog
from tests.support.ledgers import AnyLedger

ALL = PageRequest(limit=10)


def add(uow: UnitOfWork, name: str) -> str:
    uow.services.add(a_service(name), an_event(EventKind.SERVICE_REGISTERED))
    return name


async def test_what_takes_long_is_done_like_all_else(ledger: AnyLedger) -> None:
    """Answered once it is durable, with its event."""
    done = await ledger.perform_long(lambda uow: add(uow, "shop"))

    assert done == "shop"
    assert (await ledger.reads.service("shop")).name == "shop"
    assert len(await all_entries(ledger.reads)) == 1


async def test_a_refusal_after_long_work_leaves_nothing(ledger: AnyLedger) -> None:
    """Nothing of it remains, and the next one finds the lane free."""

    def refused(uow: UnitOfWork) -> None:
        add(uow, "shop")
        raise ConcurrentUpdate("service", "shop")

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform_long(refused)

    assert (await ledger.reads.services(ALL)).items == ()
    assert await ledger.perform(lambda uow: add(uow, "shop")) == "shop"


async def test_reading_goes_on_and_writing_waits(sqlite: SqliteLedger) -> None:
    """Readers see what was durable before; who writes is answered after the long one."""
    await create_catalog(sqlite)
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def long(uow: UnitOfWork) -> str:
        add(uow, "long")
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(timeout=10)
        return "long"

    first = asyncio.create_task(sqlite.perform_long(long))
    await begun.wait()
    second = asyncio.create_task(sqlite.perform(lambda uow: add(uow, "short")))
    meanwhile = [each.name for each in (await sqlite.reads.services(ALL)).items]
    waiting = not second.done()
    go_on.set()

    assert (await first, await second) == ("long", "short")
    assert (meanwhile, waiting) == (["shop"], True)
    assert [each.name for each in (await sqlite.reads.services(ALL)).items] == [
        "long",
        "shop",
        "short",
    ]
