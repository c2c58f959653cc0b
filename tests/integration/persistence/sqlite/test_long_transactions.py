"""Long transactions delay writers, but not readers."""

from __future__ import annotations

import asyncio
import threading

import pytest

from gatepost_domain.errors import ConcurrentUpdate
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_event, create_catalog
from tests.support.domain.actions import all_entries
from tests.support.storage.ledgers import AnyLedger

ALL = PageRequest(limit=10)


def add_service(uow: UnitOfWork, name: str) -> str:
    uow.services.add(a_service(name), an_event(EventKind.SERVICE_REGISTERED))
    return name


async def test_long_action_is_stored_with_its_event(ledger: AnyLedger) -> None:
    """When the result of a long action is returned, its row and its event are stored."""
    result = await ledger.perform_long(lambda uow: add_service(uow, "shop"))

    assert result == "shop"
    assert (await ledger.reads.service("shop")).name == "shop"
    assert len(await all_entries(ledger.reads)) == 1


async def test_refused_long_action_stores_nothing(ledger: AnyLedger) -> None:
    """Nothing of the refused action is stored, and the next action succeeds."""

    def add_and_refuse(uow: UnitOfWork) -> None:
        add_service(uow, "shop")
        raise ConcurrentUpdate("service", "shop")

    with pytest.raises(ConcurrentUpdate):
        await ledger.perform_long(add_and_refuse)

    assert (await ledger.reads.services(ALL)).items == ()
    assert await ledger.perform(lambda uow: add_service(uow, "shop")) == "shop"


async def test_reads_continue_and_writes_wait_during_a_long_action(sqlite: SqliteLedger) -> None:
    """Reads see the previous state, and a write completes after the long action."""
    await create_catalog(sqlite)
    started, resume = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def add_slowly(uow: UnitOfWork) -> str:
        add_service(uow, "add_slowly")
        loop.call_soon_threadsafe(started.set)
        resume.wait(timeout=10)
        return "add_slowly"

    first = asyncio.create_task(sqlite.perform_long(add_slowly))
    await started.wait()
    second = asyncio.create_task(sqlite.perform(lambda uow: add_service(uow, "short")))
    services = [service.name for service in (await sqlite.reads.services(ALL)).items]
    waiting = not second.done()
    resume.set()

    assert (await first, await second) == ("add_slowly", "short")
    assert (services, waiting) == (["shop"], True)
    assert [service.name for service in (await sqlite.reads.services(ALL)).items] == [
        "add_slowly",
        "shop",
        "short",
    ]


async def test_long_action_has_a_transaction_of_its_own(ledger: AnyLedger) -> None:
    """If it fails, the actions that were queued before and after it are stored nevertheless."""

    def add_and_fail(uow: UnitOfWork) -> None:
        add_service(uow, "lost")
        raise ValueError("broken")

    results = await asyncio.gather(
        ledger.perform(lambda uow: add_service(uow, "before")),
        ledger.perform_long(add_and_fail),
        ledger.perform_long(lambda uow: add_service(uow, "long")),
        ledger.perform(lambda uow: add_service(uow, "after")),
        return_exceptions=True,
    )

    assert [str(result) for result in results] == ["before", "broken", "long", "after"]
    names = [service.name for service in (await ledger.reads.services(ALL)).items]
    assert names == ["after", "before", "long"]
