"""Genuine histories of DEP-1, and forgeries of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

import pytest

from gatepost_domain.catalog.policy import ApprovalRule, ExecutionMode
from gatepost_domain.deployments.claim import DEFAULT_LEASE
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status_transitions import Action
from gatepost_domain.verification.deployment_history import check_history
from gatepost_domain.verification.faults import Fault
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_policy,
    a_stage,
    an_actor,
)
from tests.support.domain.actions import perform_action, request_deployment, run_sync
from tests.support.domain.claims import claim_task
from tests.support.domain.promotion import (
    advance_to,
    close_after_review,
    override,
    promotion_ledger,
)
from tests.support.domain.recorded_histories import (
    Json,
    history_of,
    policy_of,
    relink,
)
from tests.support.domain.tracking import create_record, hide_deployment, history_row, import_rows
from tests.support.memory.ledger import InMemoryLedger

QUINN: Final = an_actor("quinn", groups=["qa"])
DORA: Final = an_actor("dora", groups=["devops"])
NEXT_WEEK: Final = NOON + timedelta(days=7)
LATER: Final = NOON + DEFAULT_LEASE + timedelta(seconds=1)
PAIR: Final = a_policy(a_stage("review", ApprovalRule(required=2), ApprovalRule(user="carl")))

EVENTS: Final = "deployment_events"
"""The table of events."""
NO_ISSUER: Final = {"issuer": None}

Events = list[Json]
Genuine = tuple[Events, Json]
"""The genuine events of DEP-1, and its policy."""


async def approved(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (qa), approved (devops)."""
    await request_deployment(ledger)
    for reviewer in (QUINN, DORA):
        await perform_action(ledger, Action.APPROVE, 1, reviewer)


async def succeeded(ledger: InMemoryLedger) -> None:
    """The same, then started, succeeded."""
    await approved(ledger)
    await perform_action(ledger, Action.START, 1)
    await perform_action(ledger, Action.SUCCEED, 1)


async def rejected(ledger: InMemoryLedger) -> None:
    """Events: requested, review_denied, rejected."""
    await request_deployment(ledger)
    with pytest.raises(Exception, match="ada requested this deployment"):
        await perform_action(ledger, Action.APPROVE, 1, "ada")
    await perform_action(ledger, Action.REJECT, 1, QUINN)


async def emergency(ledger: InMemoryLedger) -> None:
    """Events: requested, broke_glass, started, after_review_overdue, after_reviewed."""
    await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, 1, "eve")
    await perform_action(ledger, Action.START, 1)
    await advance_to(ledger, NEXT_WEEK)
    await close_after_review(ledger, 1, QUINN, at=NEXT_WEEK)


async def overridden(ledger: InMemoryLedger) -> None:
    """Events of DEP-1: requested, approved, approved, overridden (order), started."""
    await approved(ledger)
    newer = await request_deployment(ledger, version="2.0.0")
    for reviewer in (QUINN, DORA):
        await perform_action(ledger, Action.APPROVE, newer.id, reviewer)
    await perform_action(ledger, Action.START, newer.id)
    await perform_action(ledger, Action.SUCCEED, newer.id)
    await override(ledger, 1, GateKind.ORDER)
    await perform_action(ledger, Action.START, 1)


async def recorded(ledger: InMemoryLedger) -> None:
    """Events: recorded, hidden."""
    await create_record(ledger)
    await hide_deployment(ledger, 1)


async def imported(ledger: InMemoryLedger) -> None:
    """Events: history_imported, hidden."""
    await import_rows(ledger, [history_row()])
    await hide_deployment(ledger, 1)


async def without_stages(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (by the system), started."""
    await request_deployment(ledger, environment="free")
    await perform_action(ledger, Action.START, 1)


async def by_worker(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (by the system), queued, started, taken_over."""
    await request_deployment(ledger, environment="farm")
    await perform_action(ledger, Action.START, 1)
    await claim_task(ledger, "one")
    await claim_task(ledger, "two", at=LATER)


async def pair(ledger: InMemoryLedger) -> None:
    """Events: requested, approved by bo, by quinn and by carl, started."""
    await request_deployment(ledger, environment="pair")
    for reviewer in ("bo", QUINN, "carl"):
        await perform_action(ledger, Action.APPROVE, 1, reviewer)
    await perform_action(ledger, Action.START, 1)


@cache
def genuine(story: Callable[[InMemoryLedger], Any]) -> Genuine:
    """Return the recorded events and the policy of DEP-1 after a story."""
    ledger = run_sync(
        promotion_ledger(
            production=replace(QA_THEN_DEVOPS, promotes_to=None),
            free=a_policy(),
            farm=a_policy(execution=ExecutionMode.WORKER),
            pair=PAIR,
        )
    )
    run_sync(story(ledger))
    deployment: Deployment = run_sync(ledger.deployment(1))
    return history_of(ledger, deployment), policy_of(ledger, deployment)


@dataclass(frozen=True, kw_only=True)
class Forgery:
    """A change of a genuine history, and the fault that it must cause."""

    code: str
    field: str | None
    story: Callable[[InMemoryLedger], Any]
    forge: Callable[[Events], object]
    table: str = "deployments"
    links_kept: bool = False


def set_in(index: int, **fields: Any) -> Callable[[Events], None]:
    """Return a forgery that sets fields of an event."""
    return lambda events: events[index].update(fields)


def set_data(index: int, **data: Any) -> Callable[[Events], None]:
    """Return a forgery that sets values in the data of an event."""
    return lambda events: events[index]["data"].update(data)


def remove(index: int) -> Callable[[Events], object]:
    """Return a forgery that removes an event."""
    return lambda events: events.pop(index)


def set_gate(index: int, gate: str, **values: str) -> Callable[[Events], None]:
    """Return a forgery that changes a gate of a start event."""

    def forge(events: Events) -> None:
        (found,) = [item for item in events[index]["data"]["gates"] if item["kind"] == gate]
        found.update(values)

    return forge


def insert_copy(source: int, index: int, **fields: Any) -> Callable[[Events], None]:
    """Return a forgery that inserts a changed copy of an event, and renumbers the events."""

    def forge(events: Events) -> None:
        events.insert(index, {**copy.deepcopy(events[source]), **fields})
        for position, event in enumerate(events, 1):
            event["seq"] = 10 * position

    return forge


def judge_forgery(forgery: Forgery) -> list[Fault]:
    """Return the faults of a forged history whose genuine one has none."""
    events, policy = copy.deepcopy(genuine(forgery.story))
    assert check_history(events, policy, number=1).faults == []
    forgery.forge(events)
    linked = events if forgery.links_kept else relink(events)
    return check_history(linked, policy, number=1).faults


def assert_causes_its_fault(forgery: Forgery) -> None:
    """Check that a forgery causes only faults of its code, table and field of DEP-1."""
    faults = judge_forgery(forgery)
    assert {(fault.code, fault.table, fault.subject, fault.field) for fault in faults} == {
        (forgery.code, forgery.table, "DEP-1", forgery.field)
    }
    assert all(fault.detail.endswith(".") for fault in faults)
