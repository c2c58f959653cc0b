"""Every ledger performs an action whole or not at all."""

import asyncio
from dataclasses import replace

import pytest

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import NotFound, Refusal
from gatepost_domain.event import EventKind, find_chain_break
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, Status
from tests.support.builders import a_command, a_service, an_event, create_catalog
from tests.support.domain.actions import all_entries, bind_action, request_deployment
from tests.support.storage.ledgers import AnyLedger


class Mishap(Exception):
    """A bug of ours, in the middle of an action."""


async def test_a_refusal_is_raised_to_whoever_asked(ledger: AnyLedger) -> None:
    """The very refusal that the action raised, with all that it knows."""
    refusal = NotFound("service", "shop")

    def refused(_: UnitOfWork) -> None:
        raise refusal

    with pytest.raises(NotFound) as raised:
        await ledger.perform(refused)

    assert raised.value is refusal


@pytest.mark.parametrize("error", [NotFound("service", "shop"), Mishap("oops")])
async def test_an_action_that_raises_after_saving_leaves_nothing(
    ledger: AnyLedger, error: Exception
) -> None:
    """Neither state nor events, whether a rule said no or we made a mistake."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    before = await all_entries(ledger.reads)

    def half_done(uow: UnitOfWork) -> None:
        uow.services.add(a_service("portal"), an_event())
        bind_action(Action.APPROVE, deployment.id, a_command("quinn"))(uow)
        raise error

    with pytest.raises(type(error)):
        await ledger.perform(half_done)

    assert await ledger.reads.deployment(deployment.id) == deployment
    assert await all_entries(ledger.reads) == before
    with pytest.raises(NotFound):
        await ledger.reads.service("portal")


async def test_a_refusal_with_a_record_leaves_just_that(ledger: AnyLedger) -> None:
    """Of an attempt that must not pass unseen, its event remains and nothing else."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    before = await all_entries(ledger.reads)
    refusal = Refusal("No.")
    refusal.audit_event = an_event(
        EventKind.REVIEW_DENIED, deployment_id=deployment.id, data={"code": "self_review"}
    )

    def denied(uow: UnitOfWork) -> None:
        uow.services.add(a_service("portal"), an_event())
        raise refusal

    with pytest.raises(Refusal):
        await ledger.perform(denied)

    *old, new = await all_entries(ledger.reads)
    assert (old, new.event) == (before, refusal.audit_event)
    with pytest.raises(NotFound):
        await ledger.reads.service("portal")


async def test_the_ledger_goes_on_after_a_refusal(ledger: AnyLedger) -> None:
    """What one was refused holds up nobody else, and the chain stays whole."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)

    outcomes = await asyncio.gather(
        *(
            ledger.perform(bind_action(Action.APPROVE, deployment.id, a_command(who)))
            for who in WHO
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
    assert find_chain_break(await all_entries(ledger.reads)) is None


WHO = ["Ada", "quinn", "quinn", "dora", "bo"]


async def test_what_an_action_answers_is_what_is_told(ledger: AnyLedger) -> None:
    """The answer comes back as it is, whatever it is."""
    answer = object()

    assert await ledger.perform(lambda _: answer) is answer


async def test_what_was_answered_can_be_read(ledger: AnyLedger) -> None:
    """Whoever is told that it is done finds it done."""
    await create_catalog(ledger)

    deployment = await request_deployment(ledger)

    assert await ledger.reads.deployment(deployment.id) == deployment
    (*_, last) = await all_entries(ledger.reads)
    assert last.event.deployment_id == deployment.id


async def test_actions_take_effect_in_the_order_they_were_handed_in(ledger: AnyLedger) -> None:
    """First come, first served: numbers follow the order of asking."""
    await create_catalog(ledger)

    asked = await asyncio.gather(
        *(request_deployment(ledger, notes=f"{turn}") for turn in range(100))
    )

    assert [(each.number, each.notes) for each in asked] == [
        (turn + 1, f"{turn}") for turn in range(100)
    ]


async def test_events_of_many_actions_make_one_gapless_chain(ledger: AnyLedger) -> None:
    """Every event has its place, all of them in one line."""
    await create_catalog(ledger)
    asked = await asyncio.gather(*(request_deployment(ledger) for _ in range(20)))

    await asyncio.gather(*(approve(ledger, each, who) for each in asked for who in ("q", "d")))

    entries = await all_entries(ledger.reads)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert find_chain_break(entries) is None
    assert {(await ledger.reads.deployment(each.id)).status for each in asked} == {Status.APPROVED}


async def test_an_event_reads_back_as_it_was(ledger: AnyLedger) -> None:
    """With every field, every character and every kind of value in its data."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)
    rich = replace(
        an_event(EventKind.APPROVED, deployment_id=deployment.id),
        on_behalf_of="Zoë",
        from_status=Status.PENDING_APPROVAL,
        to_status=Status.APPROVED,
        stage="qa",
        note="line\nline\t'quoted' \"twice\" \\ 日本 🚀",
        data={"n": 2**70, "l": [None, True, {"b": "\u2028", "a": ""}], "": {}},
    )
    refusal = Refusal("No.")
    refusal.audit_event = rich

    def denied(_: UnitOfWork) -> None:
        raise refusal

    with pytest.raises(Refusal):
        await ledger.perform(denied)

    entries = await all_entries(ledger.reads)
    assert entries[-1].event == rich
    assert find_chain_break(entries) is None


async def approve(ledger: AnyLedger, deployment: Deployment, who: str) -> Deployment:
    return await ledger.perform(bind_action(Action.APPROVE, deployment.id, a_command(who)))
