"""Overriding a gate, break-glass, and its after-review."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor, Identity
from gatepost_domain.access.command import Command
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.emergency import (
    AfterReview,
    AfterReviewState,
    BreakGlass,
    Override,
    Verdict,
)
from gatepost_domain.deployments.errors import (
    AfterReviewOverdue,
    NoPendingAfterReview,
    RecordIsImmutable,
    ReviewDenied,
    TransitionRefused,
)
from gatepost_domain.deployments.review import review_label, review_progress
from gatepost_domain.errors import FieldError, Refusal, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext, OverdueAfterReview
from gatepost_domain.gates.errors import GateAlreadyOpen
from gatepost_domain.lifecycle import approval, overrides
from gatepost_domain.lifecycle.transitions import Transition
from gatepost_domain.status import WAITING_STATUSES, Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_stage,
    an_actor,
)
from tests.support.domain.freezes import a_freeze
from tests.support.domain.lifecycle import deployment_with_status, transition

LATER = NOON + timedelta(hours=1)
FROZEN = GateContext(freeze_block=FreezeBlock(freeze=a_freeze(), since=NOON, opens_at=None))
OVERDUE = GateContext(overdue_review=OverdueAfterReview(number=7, due_at=NOON))
REASON = "The shop is down."
EVE = an_actor("eve", roles=[Role.EMERGENCY])
ALL_BUT_EMERGENCY = an_actor("olga", roles=[role for role in Role if role is not Role.EMERGENCY])
RECORD = replace(deployment_with_status(Status.SUCCEEDED), kind=DeploymentKind.RECORD)
LANE_NOT_OVERRIDABLE = (
    "The lane gate cannot be overridden, because two rollouts would run at once; finish "
    "the one in progress first."
)


def override(
    deployment: Deployment | None = None,
    *,
    gate: GateKind = GateKind.FREEZE,
    by: Actor = EVE,
    reason: str | None = REASON,
    context: GateContext = FROZEN,
) -> Transition:
    """Override the freeze gate as a person with the role."""
    target, command = deployment or a_deployment(), a_command(by, note=reason)
    return overrides.override(target, QA_THEN_DEVOPS, context, command, gate=gate)


def break_glass(
    deployment: Deployment | None = None,
    *,
    by: Actor = EVE,
    reason: str | None = REASON,
    incident: str = "INC-1",
    context: GateContext = GateContext(),  # noqa: B008  # frozen
    policy: Policy = QA_THEN_DEVOPS,
) -> Transition:
    """Use break-glass as a person with the role."""
    target, command = deployment or a_deployment(policy=policy), a_command(by, note=reason)
    return overrides.break_glass(target, policy, context, command, incident=incident)


def close_review(
    deployment: Deployment | None = None,
    *,
    by: Actor | str = "quinn",
    note: str | None = "There was no other way.",
    verdict: Verdict = Verdict.JUSTIFIED,
    policy: Policy = QA_THEN_DEVOPS,
) -> Transition:
    """Close the after-review of eve's break-glass for ada as an eligible reviewer."""
    target = deployment or break_glass()[0]
    command = a_command(by, at=LATER, note=note)
    return overrides.close_after_review(target, policy, command, verdict=verdict)


MANY_FAULTS = (
    FieldError(
        field="gate",
        code="gate_not_overridable",
        detail="The approval gate cannot be overridden; in an emergency, break glass.",
    ),
    FieldError(
        field="reason",
        code="reason_too_short",
        detail="A reason of at least 10 characters is required; it is recorded permanently.",
    ),
)


@pytest.mark.parametrize(
    ("attempt", "error", "code", "message"),
    [
        (
            lambda: override(RECORD, by=ALL_BUT_EMERGENCY),
            RecordIsImmutable,
            "record_is_immutable",
            (
                "DEP-1 is a record of a deployment made elsewhere and never changes; record a "
                "later deployment instead."
            ),
        ),
        (
            lambda: override(deployment_with_status(Status.STARTED), by=ALL_BUT_EMERGENCY),
            Forbidden,
            "forbidden",
            "olga needs the emergency role for shop in production.",
        ),
        (
            lambda: override(deployment_with_status(Status.STARTED), reason=None),
            TransitionRefused,
            "transition_refused",
            ("Not available in status started; available now: succeed, fail, rollback."),
        ),
        (
            lambda: override(gate=GateKind.LANE),
            ValidationFailed,
            "gate_not_overridable",
            LANE_NOT_OVERRIDABLE,
        ),
        (
            lambda: override(gate=GateKind.ORDER),
            GateAlreadyOpen,
            "gate_is_open",
            (
                "The order gate is not closed, so there is nothing to override: No newer "
                "deployment of shop has started in production."
            ),
        ),
        (
            lambda: override(override()[0]),
            GateAlreadyOpen,
            "gate_is_open",
            (
                "The freeze gate is not closed, so there is nothing to override: Overridden by "
                "eve: The shop is down. (otto froze shop in production until it is lifted: Year's "
                "end.)"
            ),
        ),
        (
            lambda: break_glass(RECORD, by=ALL_BUT_EMERGENCY),
            RecordIsImmutable,
            "record_is_immutable",
            (
                "DEP-1 is a record of a deployment made elsewhere and never changes; record a "
                "later deployment instead."
            ),
        ),
        (
            lambda: break_glass(
                deployment_with_status(Status.STARTED), by=ALL_BUT_EMERGENCY, context=OVERDUE
            ),
            Forbidden,
            "forbidden",
            "olga needs the emergency role for shop in production.",
        ),
        (
            lambda: break_glass(deployment_with_status(Status.APPROVED), context=OVERDUE),
            TransitionRefused,
            "transition_refused",
            ("Not available in status approved; available now: start, cancel."),
        ),
        (
            lambda: break_glass(context=OVERDUE, reason=None),
            AfterReviewOverdue,
            "after_review_overdue",
            (
                "The after-review of DEP-7 in production is overdue; a reviewer must close it "
                "before break-glass can be used there again."
            ),
        ),
        (
            lambda: break_glass(incident=" \n"),
            ValidationFailed,
            "incident_required",
            "A reference to the incident is required, such as its ticket.",
        ),
    ],
    ids=count(1),
)
def test_override_and_break_glass_are_refused_with_the_first_failing_rule(
    attempt: Callable[[], Transition], error: type[Refusal], code: str, message: str
) -> None:
    """Immutable records first, then the right, the status and the input."""
    with pytest.raises(error) as refusal:
        attempt()

    assert type(refusal.value) is error
    assert (refusal.value.code, str(refusal.value)) == (code, message)


@pytest.mark.parametrize("reason", [None, "", " " * 10, "too short", "  too short  "])
@pytest.mark.parametrize("attempt", [override, break_glass])
def test_reason_needs_ten_characters(
    attempt: Callable[..., Transition], reason: str | None
) -> None:
    """Surrounding blanks do not count."""
    with pytest.raises(ValidationFailed) as refusal:
        attempt(reason=reason)

    assert refusal.value.errors == (MANY_FAULTS[1],)


@pytest.mark.parametrize("attempt", [override, break_glass])
def test_reason_of_ten_characters_is_accepted(attempt: Callable[..., Transition]) -> None:
    """It is stored without surrounding blanks, and the event has it as given."""
    after, event = attempt(reason=" 0123456789 ")

    emergency_record = after.break_glass or after.overrides[0]
    assert (emergency_record.reason, event.note) == ("0123456789", " 0123456789 ")


def test_all_errors_of_an_override_are_listed_at_once() -> None:
    """The gate cannot be overridden, and the reason is missing."""
    with pytest.raises(ValidationFailed) as refusal:
        override(gate=GateKind.APPROVAL, reason="No.")

    assert refusal.value.errors == MANY_FAULTS


@pytest.mark.parametrize("status", sorted(WAITING_STATUSES))
def test_override_is_an_event_and_changes_no_status(status: Status) -> None:
    """It applies to one gate of one deployment."""
    before = deployment_with_status(status)

    after, event = override(before)

    passed = Override(gate=GateKind.FREEZE, code="frozen", actor="eve", at=NOON, reason=REASON)
    assert after == replace(before, overrides=(passed,), revision=before.revision + 1)
    assert (event.kind, event.actor, event.note) == (EventKind.OVERRIDDEN, "eve", REASON)
    assert (event.from_status, event.to_status) == (status, status)
    assert event.data == {"gate": "freeze", "code": "frozen"}


def test_override_on_behalf_of_another_records_both() -> None:
    """The gate shows the person acted for, the event also the actor."""
    command = Command(actor=EVE, at=NOON, note=REASON, on_behalf_of="bo")

    after, event = overrides.override(
        a_deployment(), QA_THEN_DEVOPS, FROZEN, command, gate=GateKind.FREEZE
    )

    assert after.overrides[0].actor == "bo"
    assert (event.actor, event.on_behalf_of) == ("eve", "bo")


def test_overridden_gate_allows_the_start() -> None:
    """Other gates are not affected."""
    approved, _ = override(deployment_with_status(Status.APPROVED))

    started, _ = transition(approved, Action.START, around=FROZEN)

    assert started.status is Status.STARTED


def test_break_glass_approves_and_opens_an_after_review() -> None:
    """It is permanently recorded on the deployment."""
    policy = replace(QA_THEN_DEVOPS, after_review_s=3600)
    pending = a_deployment(policy=policy)

    after, event = break_glass(pending, policy=policy)

    bypassed = BreakGlass(
        actor="eve", at=NOON, reason=REASON, incident="INC-1", identity=EVE.identity
    )
    assert after == replace(
        pending,
        status=Status.APPROVED,
        revision=2,
        approved_at=NOON,
        break_glass=bypassed,
        after_review=AfterReview(state=AfterReviewState.OPEN, due_at=LATER),
    )
    assert (event.kind, event.actor, event.note) == (EventKind.BROKE_GLASS, "eve", REASON)
    assert (event.from_status, event.to_status) == (Status.PENDING_APPROVAL, Status.APPROVED)
    assert event.data == {
        "incident": "INC-1",
        "after_review_due_at": "2026-11-21T13:00:00.000000Z",
    }
    assert review_label(after, review_progress(after, policy)) == "break_glass"


def test_break_glass_overrides_no_other_gate() -> None:
    """A freeze still blocks the start."""
    bypassed, _ = break_glass()

    with pytest.raises(Refusal) as refusal:
        transition(bypassed, Action.START, around=FROZEN)

    assert refusal.value.code == "frozen"


def made_by(human: str, *, issuer: str | None = None) -> Actor:
    """A service account and token created by these people."""
    return an_actor("robot", identity=Identity(human=human, issuer=issuer))


@pytest.mark.parametrize(
    ("by", "code", "sentence"),
    [
        ("ada", "self_review", "ada requested this deployment; somebody else must review it."),
        (
            made_by("ada"),
            "self_review",
            (
                "robot may be the same person as the requester ada, because one created the "
                "other's account or token; somebody else must review this deployment."
            ),
        ),
        (
            made_by("robot", issuer="ada"),
            "self_review",
            (
                "robot may be the same person as the requester ada, because one created the "
                "other's account or token; somebody else must review this deployment."
            ),
        ),
        (
            an_actor("quinn", roles=[Role.EMERGENCY]),
            "forbidden",
            "quinn needs the reviewer role for shop in production.",
        ),
        (
            "eve",
            "own_break_glass",
            ("eve used break-glass on this deployment; somebody else must review that."),
        ),
        (
            "EVE",
            "own_break_glass",
            ("eve used break-glass on this deployment; somebody else must review that."),
        ),
        (
            made_by("eve"),
            "own_break_glass",
            "eve used break-glass on this deployment; somebody else must review that.",
        ),
        (
            made_by("robot", issuer="eve"),
            "own_break_glass",
            "eve used break-glass on this deployment; somebody else must review that.",
        ),
        (
            an_actor("zed", groups=["ops"]),
            "not_eligible",
            "zed cannot close this after-review; it requires group:qa or group:devops.",
        ),
    ],
)
def test_only_an_independent_reviewer_can_close_an_after_review(
    by: Actor | str, code: str, sentence: str
) -> None:
    """Not the requester, not the person who used break-glass, and nobody who is not eligible."""
    with pytest.raises(Refusal) as refusal:
        close_review(by=by)

    assert (refusal.value.code, str(refusal.value)) == (code, sentence)
    assert isinstance(refusal.value, Forbidden | ReviewDenied)


def test_issuer_of_the_break_glass_token_cannot_close_its_after_review() -> None:
    """The issuer of a token counts as its user."""
    bypassed, _ = break_glass(by=replace(EVE, identity=Identity(human="eve", issuer="quinn")))

    with pytest.raises(ReviewDenied) as refusal:
        close_review(bypassed, by="quinn")

    assert refusal.value.code == "own_break_glass"


def test_after_review_is_closed_once() -> None:
    """The first verdict is kept."""
    reviewed, _ = close_review(verdict=Verdict.UNJUSTIFIED)

    with pytest.raises(NoPendingAfterReview) as refusal:
        close_review(reviewed, by="dora")

    assert refusal.value.code == "no_after_review"
    assert str(refusal.value) == "quinn has already closed the after-review of DEP-1."
    assert refusal.value.allowed == (Action.START, Action.CANCEL)


def test_after_review_requires_a_break_glass() -> None:
    """Otherwise it is refused."""
    with pytest.raises(NoPendingAfterReview) as refusal:
        close_review(a_deployment())

    assert str(refusal.value) == (
        "Break-glass was not used for DEP-1, so there is nothing to review."
    )


@pytest.mark.parametrize("note", [None, "", " \n"])
def test_verdict_requires_a_note(note: str | None) -> None:
    """Blanks are not enough."""
    with pytest.raises(ValidationFailed) as refusal:
        close_review(note=note)

    assert [(fault.field, fault.code) for fault in refusal.value.errors] == [
        ("note", "note_required")
    ]


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize(
    ("policy", "by"),
    [
        (QA_THEN_DEVOPS, an_actor("quinn", groups=["qa"])),
        (QA_THEN_DEVOPS, an_actor("dora", groups=["devops"])),
        (a_policy(a_stage("cto", ApprovalRule(user="carl"))), an_actor("Carl", groups=[])),
        (a_policy(a_stage("review", ApprovalRule())), an_actor("bo", groups=[])),
    ],
)
def test_reviewer_of_any_stage_can_close_an_after_review(
    verdict: Verdict, policy: Policy, by: Actor
) -> None:
    """With either verdict; the status of the deployment stays."""
    bypassed, _ = break_glass(policy=policy)

    reviewed, event = close_review(bypassed, by=by, verdict=verdict, policy=policy)

    due_at = NOON + timedelta(days=3)
    closed = AfterReview(
        state=AfterReviewState.CLOSED,
        due_at=due_at,
        verdict=verdict,
        closed_by=by.name,
        closed_at=LATER,
        note="There was no other way.",
    )
    assert reviewed == replace(bypassed, after_review=closed, revision=bypassed.revision + 1)
    assert (event.kind, event.actor) == (EventKind.AFTER_REVIEWED, by.name)
    assert (event.from_status, event.to_status) == (Status.APPROVED, Status.APPROVED)
    assert event.data == {"verdict": verdict}


def test_overdue_after_review_can_still_be_closed() -> None:
    """It becomes overdue once."""
    bypassed, _ = break_glass()
    by_system = Command(actor=SYSTEM, at=LATER)

    overdue, event = overrides.mark_after_review_overdue(bypassed, by_system)
    reviewed, _ = close_review(overdue)

    assert overdue.after_review == AfterReview(
        state=AfterReviewState.OVERDUE, due_at=NOON + timedelta(days=3)
    )
    assert (event.kind, event.actor) == (EventKind.AFTER_REVIEW_OVERDUE, "system")
    assert event.data == {"due_at": "2026-11-24T12:00:00.000000Z"}
    assert reviewed.after_review is not None
    assert reviewed.after_review.state is AfterReviewState.CLOSED


@pytest.mark.parametrize("closed", [False, True])
def test_only_a_pending_after_review_becomes_overdue(*, closed: bool) -> None:
    """Not a closed one, nor a deployment without break-glass."""
    target = close_review()[0] if closed else a_deployment()

    with pytest.raises(NoPendingAfterReview):
        overrides.mark_after_review_overdue(target, Command(actor=SYSTEM, at=LATER))


def test_break_glass_keeps_earlier_approvals() -> None:
    """The review shows them and what is missing."""
    half, _ = approval.approve(
        a_deployment(), QA_THEN_DEVOPS, a_command(an_actor("quinn", groups=["qa"]))
    )

    bypassed, _ = break_glass(half)

    assert bypassed.approvals == half.approvals
    assert bypassed.reviewed_by is None
