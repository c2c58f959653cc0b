"""Forged ends of consent, and forged targets, are found and named."""

from typing import Final

import pytest

from gatepost_domain.status_transitions import Action
from gatepost_domain.verification.approval_rules import consent_digest
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.consent import end_consent, replace_target
from tests.support.domain.forged_histories import (
    DORA,
    EVENTS,
    QUINN,
    Events,
    Forgery,
    approved,
    assert_causes_its_fault,
    by_worker,
    insert_copy,
    remove,
    set_data,
    set_in,
    succeeded,
)
from tests.support.memory.ledger import InMemoryLedger


async def withdrawn(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (qa), approved (devops), approval_withdrawn (qa)."""
    await approved(ledger)
    await perform_action(ledger, Action.WITHDRAW, 1, QUINN)


async def cancelled(ledger: InMemoryLedger) -> None:
    """The same, then cancelled."""
    await withdrawn(ledger)
    await perform_action(ledger, Action.CANCEL, 1)


async def voided(ledger: InMemoryLedger) -> None:
    """Events: as in `withdrawn`, then approved again (qa), approval_voided (devops)."""
    await withdrawn(ledger)
    await perform_action(ledger, Action.APPROVE, 1, QUINN)
    await end_consent(ledger, DORA.name)


async def approved_again(ledger: InMemoryLedger) -> None:
    """The same, then approved again (devops), started."""
    await voided(ledger)
    await perform_action(ledger, Action.APPROVE, 1, DORA)
    await perform_action(ledger, Action.START, 1)


async def no_longer_automatic(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (by the system), queued, auto_start_cancelled, queued."""
    await request_deployment(ledger, environment="farm", auto_start=True)
    await end_consent(ledger, "ada")
    await perform_action(ledger, Action.START, 1)


async def approval_before_break_glass(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (qa), broke_glass, started."""
    await request_deployment(ledger)
    await perform_action(ledger, Action.APPROVE, 1, QUINN)
    await perform_action(ledger, Action.BREAK_GLASS, 1, "eve")
    await perform_action(ledger, Action.START, 1)


async def with_target(ledger: InMemoryLedger) -> None:
    """Events: requested, approved (qa), approved (devops); the target was configured before."""
    await replace_target(ledger, "production")
    await approved(ledger)


def rewrite_target(events: Events) -> None:
    """Let the request keep another version of the target."""
    data = events[0]["data"]
    data["target_version"], data["target_digest"] = 2, "ab" * 32
    data["digest"] = consent_digest(data)


FORGERIES: Final = {
    "withdrawal removed": Forgery(
        code="status_gap", field="from_status", story=cancelled, forge=remove(3), table=EVENTS
    ),
    "approval withdrawn by another": Forgery(
        code="withdrawn_by_another",
        field="actor",
        story=withdrawn,
        forge=set_in(3, actor="olga"),
        table=EVENTS,
    ),
    "withdrawal without a reason": Forgery(
        code="withdrawn_without_reason",
        field="note",
        story=withdrawn,
        forge=set_in(3, note=" "),
        table=EVENTS,
    ),
    "withdrawal of an approval that was not given": Forgery(
        code="ended_approval_unknown",
        field="approvals",
        story=withdrawn,
        forge=lambda events: (
            set_in(3, actor="carl", to_status="approved")(events),
            set_data(3, reviewer="carl")(events),
        ),
    ),
    "withdrawal for another stage": Forgery(
        code="ended_approval_unknown",
        field="approvals",
        story=withdrawn,
        forge=set_data(3, stages=["devops"]),
    ),
    "withdrawal that leaves the deployment approved": Forgery(
        code="status_after_ended_approval",
        field="status",
        story=withdrawn,
        forge=set_in(3, to_status="approved"),
    ),
    "withdrawal after the end": Forgery(
        code="move_not_allowed",
        field="to_status",
        story=succeeded,
        forge=insert_copy(
            1,
            5,
            kind="approval_withdrawn",
            from_status="succeeded",
            to_status="succeeded",
            note="Too late.",
            data={"reviewer": "quinn", "stages": ["qa"]},
        ),
        table=EVENTS,
    ),
    "voided by a person": Forgery(
        code="not_by_system",
        field="actor",
        story=voided,
        forge=set_in(5, actor="olga"),
        table=EVENTS,
    ),
    "voided approval of nobody": Forgery(
        code="ended_approval_unknown",
        field="approvals",
        story=voided,
        forge=lambda events: (
            set_data(5, reviewer="carl")(events),
            set_in(5, to_status="approved")(events),
        ),
    ),
    "start with a voided approval": Forgery(
        code="status_after_ended_approval",
        field="status",
        story=approved_again,
        forge=lambda events: (remove(6)(events), set_in(5, to_status="approved")(events)),
    ),
    "automatic start cancelled by a person": Forgery(
        code="not_by_system",
        field="actor",
        story=no_longer_automatic,
        forge=set_in(3, actor="olga"),
        table=EVENTS,
    ),
    "automatic start cancelled twice": Forgery(
        code="auto_start_not_set",
        field="auto_start",
        story=no_longer_automatic,
        forge=insert_copy(3, 4, from_status="approved"),
    ),
    "automatic start after it was cancelled": Forgery(
        code="auto_start_was_cancelled",
        field="actor",
        story=no_longer_automatic,
        forge=set_in(4, actor="system"),
        table=EVENTS,
    ),
    "automatic start that was never set": Forgery(
        code="auto_start_not_set",
        field="auto_start",
        story=by_worker,
        forge=insert_copy(
            2,
            2,
            kind="auto_start_cancelled",
            actor="system",
            from_status="approved",
            to_status="approved",
            data={"user": "ada"},
        ),
    ),
    "withdrawal after break-glass": Forgery(
        code="withdrawn_after_break_glass",
        field="kind",
        story=approval_before_break_glass,
        forge=insert_copy(
            1,
            3,
            kind="approval_withdrawn",
            from_status="approved",
            to_status="approved",
            note="No.",
            data={"reviewer": "quinn", "stages": ["qa"]},
        ),
        table=EVENTS,
    ),
    "other target": Forgery(
        code="approval_of_other_content",
        field="approvals",
        story=with_target,
        forge=rewrite_target,
    ),
    "target without its digest": Forgery(
        code="target_incomplete",
        field="data",
        story=with_target,
        forge=lambda events: events[0]["data"].pop("target_set_at"),
        table=EVENTS,
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_causes_exactly_its_fault(name: str) -> None:
    """The fault names the deployment and the field."""
    assert_causes_its_fault(FORGERIES[name])
