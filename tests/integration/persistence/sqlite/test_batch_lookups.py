"""What the actions of a batch look up is kept, but never survives a change or a rollback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gatepost_domain.errors import AlreadyExists, NotFound
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_service, an_event
from tests.support.domain.event_chain import find_chain_fault
from tests.support.storage.sqlite_files import read_events_of_file


def add(uow: UnitOfWork, name: str) -> str:
    uow.services.add(a_service(name), an_event())
    return uow.services.get(name).name


def add_and_refuse(uow: UnitOfWork, name: str) -> None:
    add(uow, name)
    raise AlreadyExists("service", name)


def get(uow: UnitOfWork, name: str) -> str:
    return uow.services.get(name).name


async def test_service_of_a_refused_action_is_unknown_to_the_next_one(tmp_path: Path) -> None:
    """The rollback of an action also forgets what that action read, and the chain stays whole."""
    path = tmp_path / "gatepost.db"
    ledger = await SqliteLedger.open(path)

    outcomes = await asyncio.gather(
        ledger.perform(lambda uow: add(uow, "shop")),
        ledger.perform(lambda uow: add_and_refuse(uow, "cart")),
        ledger.perform(lambda uow: get(uow, "cart")),
        ledger.perform(lambda uow: get(uow, "shop")),
        ledger.perform(lambda uow: add(uow, "cart")),
        return_exceptions=True,
    )

    await ledger.close()
    assert [type(outcome) for outcome in outcomes] == [str, AlreadyExists, NotFound, str, str]
    events = read_events_of_file(path)
    assert [entry.seq for entry in events] == [1, 2]
    assert find_chain_fault(events) is None


async def test_missing_service_is_found_once_it_is_added(tmp_path: Path) -> None:
    """The result that there is no such service is forgotten when a service is added."""
    ledger = await SqliteLedger.open(tmp_path / "gatepost.db")

    def miss_and_add(uow: UnitOfWork) -> str:
        with pytest.raises(NotFound):
            uow.services.get("shop")
        return add(uow, "shop")

    assert await ledger.perform(miss_and_add) == "shop"
    await ledger.close()
