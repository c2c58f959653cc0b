"""What a new server has in it before anybody has done anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatepost_api.server.bootstrap import create_default_environments
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.paging import PageRequest
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON, a_policy, create_catalog


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqliteLedger]:
    ledger = await SqliteLedger.open(tmp_path / "gatepost.db")
    yield ledger
    await ledger.close()


async def names(ledger: SqliteLedger) -> list[str]:
    return [each.name for each in (await ledger.reads.environments(PageRequest(limit=9))).items]


async def test_a_new_server_has_three_environments(ledger: SqliteLedger) -> None:
    """In the order of promotion, made by the system; workers carry out what test asks nobody."""
    await create_default_environments(ledger, ledger.reads, at=NOON)

    test = (await ledger.reads.policy("test", 1)).policy
    production = (await ledger.reads.policy("production", 1)).policy
    events = (await ledger.reads.entries(PageRequest(limit=9))).items
    assert await names(ledger) == ["test", "staging", "production"]
    assert {entry.event.actor for entry in events} == {"system"}
    assert (test.approval_stages, test.execution, test.auto_start) == (
        (),
        ExecutionMode.WORKER,
        True,
    )
    assert [stage.name for stage in production.approval_stages] == ["qa", "devops"]
    assert production.execution is ExecutionMode.OPERATOR


async def test_a_second_start_makes_nothing(ledger: SqliteLedger) -> None:
    """What is there is left alone."""
    for _ in range(2):
        await create_default_environments(ledger, ledger.reads, at=NOON)

    assert len((await ledger.reads.entries(PageRequest(limit=9))).items) == 3


async def test_whoever_has_an_environment_is_not_given_others(ledger: SqliteLedger) -> None:
    """A server that somebody has set up otherwise stays as it was set up."""
    await create_catalog(ledger, services=(), policies={"live": (Tier.PRODUCTION, a_policy())})
    await create_default_environments(ledger, ledger.reads, at=NOON)

    assert await names(ledger) == ["live"]
