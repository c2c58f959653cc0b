"""The contents of a new server."""

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


async def environment_names(ledger: SqliteLedger) -> list[str]:
    return [item.name for item in (await ledger.reads.environments(PageRequest(limit=9))).items]


async def test_new_server_has_three_environments(ledger: SqliteLedger) -> None:
    """Environments are listed in promotion order.

    Workers deploy to test, which needs no approval.
    """
    await create_default_environments(ledger, ledger.reads, at=NOON)

    test = (await ledger.reads.policy("test", 1)).policy
    production = (await ledger.reads.policy("production", 1)).policy
    events = (await ledger.reads.entries(PageRequest(limit=9))).items
    assert await environment_names(ledger) == ["test", "staging", "production"]
    assert {entry.event.actor for entry in events} == {"system"}
    assert (test.approval_stages, test.execution, test.auto_start) == (
        (),
        ExecutionMode.WORKER,
        True,
    )
    assert [stage.name for stage in production.approval_stages] == ["qa", "devops"]
    assert production.execution is ExecutionMode.OPERATOR


async def test_second_start_creates_nothing(ledger: SqliteLedger) -> None:
    """A second start adds no environments and leaves the existing ones unchanged."""
    for _ in range(2):
        await create_default_environments(ledger, ledger.reads, at=NOON)

    assert len((await ledger.reads.entries(PageRequest(limit=9))).items) == 3


async def test_existing_environments_prevent_the_defaults(ledger: SqliteLedger) -> None:
    """A server that already has environments gets no default ones."""
    await create_catalog(ledger, services=(), policies={"live": (Tier.PRODUCTION, a_policy())})
    await create_default_environments(ledger, ledger.reads, at=NOON)

    assert await environment_names(ledger) == ["live"]
