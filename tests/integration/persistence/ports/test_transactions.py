"""Every ledger performs an action completely or not at all."""

import asyncio
from dataclasses import replace

import pytest

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound, Refusal
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import a_command, a_service, an_event, create_catalog
from tests.support.domain.actions import all_entries, bind_action, request_deployment
from tests.support.domain.event_chain import find_chain_fault
from tests.support.storage.ledgers import AnyLedger


class Bug(Exception):
    """A programming error in the middle of an action."""


async def test_refusal_is_raised_to_the_caller(ledger: AnyLedger) -> None:
    """The caller gets the same exception object that the action raised."""
    refusal = NotFound("service", "shop")

    def refuse(_: UnitOfWork) -> None:
        raise refusal

    with pytest.raises(NotFound) as raised:
        await ledger.perform(refuse)

    assert raised.value is refusal


@pytest.mark.parametrize("error", [NotFound("service", "shop"), Bug("oops")])
async def test_action_that_raises_stores_nothing(ledger: AnyLedger, error: Exception) -> None:
    """Neither a refusal nor a programming error leaves any state or event behind."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    before = await all_entries(ledger.reads)

    def approve_and_raise(uow: UnitOfWork) -> None:
        uow.services.add(a_service("portal"), an_event())
        bind_action(Action.APPROVE, deployment.id, a_command("quinn"))(uow)
        raise error

    with pytest.raises(type(error)):
        await ledger.perform(approve_and_raise)

    assert await ledger.reads.deployment(deployment.id) == deployment
    assert await all_entries(ledger.reads) == before
    with pytest.raises(NotFound):
        await ledger.reads.service("portal")


async def test_audit_event_of_a_refusal_is_stored(ledger: AnyLedger) -> None:
    """The audit event is all that is stored of the refused action."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    before = await all_entries(ledger.reads)
    refusal = Refusal("No.")
    refusal.audit_event = an_event(
        EventKind.REVIEW_DENIED, deployment_id=deployment.id, data={"code": "self_review"}
    )

    def refuse(uow: UnitOfWork) -> None:
        uow.services.add(a_service("portal"), an_event())
        raise refusal

    with pytest.raises(Refusal):
        await ledger.perform(refuse)

    *old, new = await all_entries(ledger.reads)
    assert (old, new.event) == (before, refusal.audit_event)
    with pytest.raises(NotFound):
        await ledger.reads.service("portal")


async def test_event_without_a_change_is_stored(ledger: AnyLedger) -> None:
    """An event can be appended by itself, as part of the chain of its deployment."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    event = an_event(EventKind.ACCESS_DENIED, deployment_id=deployment.id, data={"count": 7})

    await ledger.perform(lambda uow: uow.event_log.append(event))

    entries = await all_entries(ledger.reads)
    assert entries[-1].event == event
    assert find_chain_fault(entries) is None


async def test_refusals_do_not_affect_other_actions(ledger: AnyLedger) -> None:
    """Later actions succeed, and the event chain stays intact."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)

    outcomes = await asyncio.gather(
        *(
            ledger.perform(bind_action(Action.APPROVE, deployment.id, a_command(reviewer)))
            for reviewer in REVIEWERS
        ),
        return_exceptions=True,
    )

    assert [getattr(outcome, "code", None) for outcome in outcomes] == [
        "self_review",
        None,
        "already_reviewed",
        None,
        "transition_refused",
    ]
    assert find_chain_fault(await all_entries(ledger.reads)) is None


REVIEWERS = ["Ada", "quinn", "quinn", "dora", "bo"]


async def test_result_of_an_action_is_returned(ledger: AnyLedger) -> None:
    """The caller gets the same object that the action returned."""
    result = object()

    assert await ledger.perform(lambda _: result) is result


async def test_result_of_an_action_can_be_read_afterwards(ledger: AnyLedger) -> None:
    """The deployment and its event are stored when the action returns."""
    await create_catalog(ledger)

    deployment = await request_deployment(ledger)

    assert await ledger.reads.deployment(deployment.id) == deployment
    (*_, last) = await all_entries(ledger.reads)
    assert last.event.deployment_id == deployment.id


async def test_actions_are_performed_in_order_of_submission(ledger: AnyLedger) -> None:
    """Deployment numbers follow the order of submission."""
    await create_catalog(ledger)

    deployments = await asyncio.gather(
        *(request_deployment(ledger, notes=f"{turn}") for turn in range(100))
    )

    assert [(deployment.number, deployment.notes) for deployment in deployments] == [
        (turn + 1, f"{turn}") for turn in range(100)
    ]


async def test_events_of_concurrent_actions_form_one_chain(ledger: AnyLedger) -> None:
    """The sequence numbers of the events have no gaps."""
    await create_catalog(ledger)
    deployments = await asyncio.gather(*(request_deployment(ledger) for _ in range(20)))

    await asyncio.gather(
        *(
            approve(ledger, deployment, reviewer)
            for deployment in deployments
            for reviewer in ("q", "d")
        )
    )

    entries = await all_entries(ledger.reads)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert find_chain_fault(entries) is None
    assert {
        (await ledger.reads.deployment(deployment.id)).status for deployment in deployments
    } == {Status.APPROVED}


async def test_event_is_stored_with_every_field(ledger: AnyLedger) -> None:
    """The event's data keeps every character and every JSON type."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    event = replace(
        an_event(EventKind.APPROVED, deployment_id=deployment.id),
        on_behalf_of="Zoë",
        from_status=Status.PENDING_APPROVAL,
        to_status=Status.APPROVED,
        stage="qa",
        note="line\nline\t'quoted' \"twice\" \\ 日本 🚀",
        data={"n": 2**70, "l": [None, True, {"b": "\u2028", "a": ""}], "": {}},
    )
    refusal = Refusal("No.")
    refusal.audit_event = event

    def refuse(_: UnitOfWork) -> None:
        raise refusal

    with pytest.raises(Refusal):
        await ledger.perform(refuse)

    entries = await all_entries(ledger.reads)
    assert entries[-1].event == event
    assert find_chain_fault(entries) is None


async def approve(ledger: AnyLedger, deployment: Deployment, reviewer: str) -> Deployment:
    return await ledger.perform(bind_action(Action.APPROVE, deployment.id, a_command(reviewer)))
