"""Every ledger tells the same history of a deployment, and where the whole one ends."""

from __future__ import annotations

import pytest

from gatepost_domain.actions.audit.evidence import gather_evidence
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status import Action
from tests.support.acting import perform_action, request_deployment
from tests.support.builders import an_id, create_catalog
from tests.support.ledgers import AnyLedger
from tests.support.tracking import ENVIRONMENTS, history_row, import_rows

ALL = PageRequest(limit=100)


async def test_before_anything_happened_there_is_no_last_event(ledger: AnyLedger) -> None:
    """Nothing is made up."""
    assert await ledger.reads.read_snapshot(lambda uow: uow.event_log.last_entry()) is None
    assert await ledger.reads.read_snapshot(lambda uow: uow.event_log.entries_of(an_id())) == ()


async def test_no_deployment_has_no_evidence(ledger: AnyLedger) -> None:
    """Whoever asks for it is told."""
    await create_catalog(ledger)

    with pytest.raises(NotFound):
        await ledger.reads.read_snapshot(lambda uow: gather_evidence(uow, 1))


async def test_evidence_is_all_that_is_kept_of_a_deployment(ledger: AnyLedger) -> None:
    """Its events alone, the policy with who put it in force, and the end of the whole history."""
    await create_catalog(ledger, services=["shop", "cart"], versions=["1"], policies=ENVIRONMENTS)
    asked = await request_deployment(ledger, environment="development", version="1")
    await perform_action(ledger, Action.START, asked.id)
    await perform_action(ledger, Action.SUCCEED, asked.id)
    await request_deployment(ledger, service="cart", environment="development", version="1")

    found = await ledger.reads.read_snapshot(lambda uow: gather_evidence(uow, asked.number))
    assert found.deployment == await ledger.reads.deployment(asked.id)
    assert found.policy == await ledger.reads.policy("development", 1)
    assert found.entries == (await ledger.reads.entries_of(asked.id, ALL)).items
    assert found.last_entry == (await ledger.reads.entries(ALL)).items[-1]
    assert "lane" in {each["kind"] for each in found.gates_at_start() or ()}
    assert found.steps_event() is None


async def test_the_history_of_what_was_imported_begins_with_its_import(ledger: AnyLedger) -> None:
    """The one event that vouches for it."""
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1", "2"], policies=ENVIRONMENTS
    )
    await import_rows(ledger, [history_row(2, environment="test", version="1")])

    found = await ledger.reads.read_snapshot(lambda uow: gather_evidence(uow, 1))
    assert [each.event.kind for each in found.entries] == [EventKind.HISTORY_IMPORTED]
    assert found.gates_at_start() is None
