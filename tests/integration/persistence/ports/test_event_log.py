"""Every ledger returns the same event log and the same evidence of a deployment."""

from __future__ import annotations

import pytest

from gatepost_domain.actions.audit.evidence import gather_evidence
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action
from tests.support.builders import an_id, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import ENVIRONMENTS, history_row, import_rows
from tests.support.storage.ledgers import AnyLedger

ALL = PageRequest(limit=100)


async def test_empty_event_log_has_no_last_entry(ledger: AnyLedger) -> None:
    """There is no last entry, either for the whole log or for a deployment."""
    assert await ledger.reads.read_snapshot(lambda uow: uow.event_log.last_entry()) is None
    assert await ledger.reads.read_snapshot(lambda uow: uow.event_log.entries_of(an_id())) == ()


async def test_evidence_of_an_unknown_deployment_is_not_found(ledger: AnyLedger) -> None:
    """`NotFound` is raised; no empty document is returned."""
    await create_catalog(ledger)

    with pytest.raises(NotFound):
        await ledger.reads.read_snapshot(lambda uow: gather_evidence(uow, 1))


async def test_evidence_has_everything_about_one_deployment(ledger: AnyLedger) -> None:
    """The document contains the deployment's events, its policy and the log's last event."""
    await create_catalog(ledger, services=["shop", "cart"], versions=["1"], policies=ENVIRONMENTS)
    requested = await request_deployment(ledger, environment="development", version="1")
    await perform_action(ledger, Action.START, requested.id)
    await perform_action(ledger, Action.SUCCEED, requested.id)
    await request_deployment(ledger, service="cart", environment="development", version="1")

    evidence = await ledger.reads.read_snapshot(lambda uow: gather_evidence(uow, requested.number))
    assert evidence.deployment == await ledger.reads.deployment(requested.id)
    assert evidence.policy == await ledger.reads.policy("development", 1)
    assert evidence.entries == (await ledger.reads.entries_of(requested.id, ALL)).items
    assert evidence.last_entry == (await ledger.reads.entries(ALL)).items[-1]
    assert "lane" in {gate["kind"] for gate in evidence.gates_at_start() or ()}
    assert evidence.steps_digest_entry() is None


async def test_evidence_of_an_imported_record_is_the_import_event(ledger: AnyLedger) -> None:
    """The evidence of every imported record is the one event of its import."""
    await create_catalog(
        ledger, services=["shop", "cart"], versions=["1", "2"], policies=ENVIRONMENTS
    )
    await import_rows(ledger, [history_row(2, environment="test", version="1")])

    evidence = await ledger.reads.read_snapshot(lambda uow: gather_evidence(uow, 1))
    assert [entry.event.kind for entry in evidence.entries] == [EventKind.HISTORY_IMPORTED]
    assert evidence.gates_at_start() is None
