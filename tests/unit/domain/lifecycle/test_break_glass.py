"""Break-glass: what it approves and what it preserves."""

from dataclasses import replace

import pytest

from gatepost_domain.deployments.emergency_record import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
)
from gatepost_domain.deployments.review import review_label
from gatepost_domain.errors import Refusal
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import approval
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    an_actor,
)
from tests.support.domain.emergencies import EVE, FROZEN, REASON, REVIEWED_AT, break_glass
from tests.support.domain.lifecycle import transition


def test_break_glass_approves_and_opens_an_after_review() -> None:
    """The deployment is approved and records who used break-glass, why and for which incident."""
    policy = replace(QA_THEN_DEVOPS, after_review_s=3600)
    pending = a_deployment(policy=policy)

    after, event = break_glass(pending, policy=policy)

    expected = BreakGlass(
        actor="eve", at=NOON, reason=REASON, incident="INC-1", identity=EVE.identity
    )
    assert after == replace(
        pending,
        status=Status.APPROVED,
        revision=2,
        approved_at=NOON,
        break_glass=expected,
        after_review=AfterReview(state=AfterReviewState.OPEN, due_at=REVIEWED_AT),
    )
    assert (event.kind, event.actor, event.note) == (EventKind.BROKE_GLASS, "eve", REASON)
    assert (event.from_status, event.to_status) == (Status.PENDING_APPROVAL, Status.APPROVED)
    assert event.data == {
        "incident": "INC-1",
        "after_review_due_at": "2026-11-21T13:00:00.000000Z",
        "identity": {"humans": ["eve"], "provenance": {}},
    }
    assert review_label(after) == "break_glass"


def test_break_glass_overrides_no_other_gate() -> None:
    """A freeze still blocks the start after break-glass."""
    bypassed, _ = break_glass()

    with pytest.raises(Refusal) as refusal:
        transition(bypassed, Action.START, around=FROZEN)

    assert refusal.value.code == "frozen"


def test_break_glass_keeps_earlier_approvals() -> None:
    """Approvals given before break-glass stay on the deployment."""
    half, _ = approval.approve(
        a_deployment(), QA_THEN_DEVOPS, a_command(an_actor("quinn", groups=["qa"]))
    )

    bypassed, _ = break_glass(half)

    assert bypassed.approvals == half.approvals
    assert bypassed.reviewed_by is None
