"""Every claim is recorded by an event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.status_transitions import Action
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import NOON, a_policy, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.claims import a_claim, claim_task
from tests.support.domain.consent import replace_target
from tests.support.storage.sqlite_files import find_faults_in_file

QUEUED = {"test": (Tier.TEST, a_policy(execution=ExecutionMode.WORKER))}


@pytest.fixture
async def ledger(path: Path) -> AsyncIterator[SqliteLedger]:
    """Return a ledger with an environment whose deployments workers roll out."""
    ledger = await SqliteLedger.open(path)
    await create_catalog(ledger, policies=QUEUED)
    yield ledger
    await ledger.close()


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 1), (1, 0), (1, 1)])
async def test_claim_is_recorded_whatever_happens_to_the_target(
    ledger: SqliteLedger, path: Path, before: int, after: int
) -> None:
    """The target can be configured before the request, after it, both or never."""
    for _ in range(before):
        await replace_target(ledger, "test", at=NOON - timedelta(hours=1))
    requested = await request_deployment(ledger, environment="test")
    await perform_action(ledger, Action.START, requested.id)
    for _ in range(after):
        await replace_target(ledger, "test")

    await claim_task(ledger)

    assert find_faults_in_file(path) == []


async def test_claim_without_an_event_is_refused(ledger: SqliteLedger) -> None:
    """Verification would report a row that no event recorded."""
    requested = await request_deployment(ledger, environment="test")
    claim = a_claim(deployment_id=requested.id)

    with pytest.raises(RuntimeError, match="without an appended event"):
        await ledger.perform(lambda uow: uow.claims.add(claim))
