"""Passing a gate, doing without the reviewers, and judging that afterwards."""

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
OWED = GateContext(overdue_review=OverdueAfterReview(number=7, due_at=NOON))
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
    around: GateContext = FROZEN,
) -> Transition:
    """Pass the freeze, as somebody who may."""
    which, command = deployment or a_deployment(), a_command(by, note=reason)
    return overrides.override(which, QA_THEN_DEVOPS, around, command, gate=gate)


def break_glass(
    deployment: Deployment | None = None,
    *,
    by: Actor = EVE,
    reason: str | None = REASON,
    incident: str = "INC-1",
    around: GateContext = GateContext(),  # noqa: B008  # frozen
    policy: Policy = QA_THEN_DEVOPS,
) -> Transition:
    """Do without the reviewers, as somebody who may."""
    which, command = deployment or a_deployment(policy=policy), a_command(by, note=reason)
    return overrides.break_glass(which, policy, around, command, incident=incident)


def judge(
    deployment: Deployment | None = None,
    *,
    by: Actor | str = "quinn",
    note: str | None = "There was no other way.",
    verdict: Verdict = Verdict.JUSTIFIED,
    policy: Policy = QA_THEN_DEVOPS,
) -> Transition:
    """Judge what eve did for ada, as somebody who may."""
    which = deployment or break_glass()[0]
    command = a_command(by, at=LATER, note=note)
    return overrides.close_after_review(which, policy, command, verdict=verdict)


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
    ("attempt", "refusal", "code", "sentence"),
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
                deployment_with_status(Status.STARTED), by=ALL_BUT_EMERGENCY, around=OWED
            ),
            Forbidden,
            "forbidden",
            "olga needs the emergency role for shop in production.",
        ),
        (
            lambda: break_glass(deployment_with_status(Status.APPROVED), around=OWED),
            TransitionRefused,
            "transition_refused",
            ("Not available in status approved; available now: start, cancel."),
        ),
        (
            lambda: break_glass(around=OWED, reason=None),
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
def test_a_way_round_is_refused_with_its_reason(
    attempt: Callable[[], Transition], refusal: type[Refusal], code: str, sentence: str
) -> None:
    """What nobody may comes first, then who may, then the status, then what was told."""
    with pytest.raises(refusal) as refused:
        attempt()

    assert type(refused.value) is refusal
    assert (refused.value.code, str(refused.value)) == (code, sentence)


@pytest.mark.parametrize("reason", [None, "", " " * 10, "too short", "  too short  "])
@pytest.mark.parametrize("attempt", [override, break_glass])
def test_a_reason_that_stands_in_for_a_rule_has_ten_characters(
    attempt: Callable[..., Transition], reason: str | None
) -> None:
    """Blanks around it do not count."""
    with pytest.raises(ValidationFailed) as refused:
        attempt(reason=reason)

    assert refused.value.errors == (MANY_FAULTS[1],)


@pytest.mark.parametrize("attempt", [override, break_glass])
def test_ten_characters_are_a_reason(attempt: Callable[..., Transition]) -> None:
    """It is kept without the blanks around it, and told as it was given."""
    after, event = attempt(reason=" 0123456789 ")

    kept = after.break_glass or after.overrides[0]
    assert (kept.reason, event.note) == ("0123456789", " 0123456789 ")


def test_all_that_is_wrong_with_an_override_is_told_at_once() -> None:
    """Reviewers are never passed so, and the reason is missing besides."""
    with pytest.raises(ValidationFailed) as refused:
        override(gate=GateKind.APPROVAL, reason="No.")

    assert refused.value.errors == MANY_FAULTS


@pytest.mark.parametrize("status", sorted(WAITING_STATUSES))
def test_an_override_passes_one_gate_of_one_deployment(status: Status) -> None:
    """It is an event of its own, and moves nothing."""
    before = deployment_with_status(status)

    after, event = override(before)

    passed = Override(gate=GateKind.FREEZE, code="frozen", actor="eve", at=NOON, reason=REASON)
    assert after == replace(before, overrides=(passed,), revision=before.revision + 1)
    assert (event.kind, event.actor, event.note) == (EventKind.OVERRIDDEN, "eve", REASON)
    assert (event.from_status, event.to_status) == (status, status)
    assert event.data == {"gate": "freeze", "code": "frozen"}


def test_an_override_for_somebody_names_both() -> None:
    """The gate shows who is spoken for, the event also who spoke."""
    command = Command(actor=EVE, at=NOON, note=REASON, on_behalf_of="bo")

    after, event = overrides.override(
        a_deployment(), QA_THEN_DEVOPS, FROZEN, command, gate=GateKind.FREEZE
    )

    assert after.overrides[0].actor == "bo"
    assert (event.actor, event.on_behalf_of) == ("eve", "bo")


def test_a_passed_gate_lets_start_and_no_other_does() -> None:
    """An override is for its gate alone."""
    approved, _ = override(deployment_with_status(Status.APPROVED))

    started, _ = transition(approved, Action.START, around=FROZEN)

    assert started.status is Status.STARTED


def test_broken_glass_approves_and_leaves_a_debt() -> None:
    """It is approved without its reviewers, for ever visible as such, and owes a review."""
    policy = replace(QA_THEN_DEVOPS, after_review_s=3600)
    pending = a_deployment(policy=policy)

    after, event = break_glass(pending, policy=policy)

    broken = BreakGlass(
        actor="eve", at=NOON, reason=REASON, incident="INC-1", identity=EVE.identity
    )
    assert after == replace(
        pending,
        status=Status.APPROVED,
        revision=2,
        approved_at=NOON,
        break_glass=broken,
        after_review=AfterReview(state=AfterReviewState.OPEN, due_at=LATER),
    )
    assert (event.kind, event.actor, event.note) == (EventKind.BROKE_GLASS, "eve", REASON)
    assert (event.from_status, event.to_status) == (Status.PENDING_APPROVAL, Status.APPROVED)
    assert event.data == {
        "incident": "INC-1",
        "after_review_due_at": "2026-11-21T13:00:00.000000Z",
    }
    assert review_label(after, review_progress(after, policy)) == "break_glass"


def test_broken_glass_passes_no_other_gate() -> None:
    """A freeze keeps it waiting as any other."""
    broken, _ = break_glass()

    with pytest.raises(Refusal) as refused:
        transition(broken, Action.START, around=FROZEN)

    assert refused.value.code == "frozen"


def made_by(human: str, *, issuer: str | None = None) -> Actor:
    """A service account by somebody, with a token that somebody had made."""
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
def test_only_an_independent_reviewer_judges(by: Actor | str, code: str, sentence: str) -> None:
    """Neither who asked nor who broke the glass, whoever they go by; nor anybody not asked for."""
    with pytest.raises(Refusal) as refused:
        judge(by=by)

    assert (refused.value.code, str(refused.value)) == (code, sentence)
    assert isinstance(refused.value, Forbidden | ReviewDenied)


def test_whoever_had_the_token_made_that_broke_the_glass_does_not_judge() -> None:
    """A token issued by somebody counts as that somebody."""
    broken, _ = break_glass(by=replace(EVE, identity=Identity(human="eve", issuer="quinn")))

    with pytest.raises(ReviewDenied) as refused:
        judge(broken, by="quinn")

    assert refused.value.code == "own_break_glass"


def test_what_was_judged_is_judged_once() -> None:
    """The first verdict stands."""
    judged, _ = judge(verdict=Verdict.UNJUSTIFIED)

    with pytest.raises(NoPendingAfterReview) as refused:
        judge(judged, by="dora")

    assert refused.value.code == "no_after_review"
    assert str(refused.value) == "quinn has already closed the after-review of DEP-1."
    assert refused.value.allowed == (Action.START, Action.CANCEL)


def test_there_is_nothing_to_judge_where_no_glass_was_broken() -> None:
    """And it says so."""
    with pytest.raises(NoPendingAfterReview) as refused:
        judge(a_deployment())

    assert str(refused.value) == (
        "Break-glass was not used for DEP-1, so there is nothing to review."
    )


@pytest.mark.parametrize("note", [None, "", " \n"])
def test_a_verdict_needs_its_reason(note: str | None) -> None:
    """Whoever judges says what they found."""
    with pytest.raises(ValidationFailed) as refused:
        judge(note=note)

    assert [(fault.field, fault.code) for fault in refused.value.errors] == [
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
def test_a_reviewer_of_any_stage_closes_the_debt(
    verdict: Verdict, policy: Policy, by: Actor
) -> None:
    """Whatever the verdict, it is owed no longer, and the deployment stays where it is."""
    broken, _ = break_glass(policy=policy)

    judged, event = judge(broken, by=by, verdict=verdict, policy=policy)

    due_at = NOON + timedelta(days=3)
    closed = AfterReview(
        state=AfterReviewState.CLOSED,
        due_at=due_at,
        verdict=verdict,
        closed_by=by.name,
        closed_at=LATER,
        note="There was no other way.",
    )
    assert judged == replace(broken, after_review=closed, revision=broken.revision + 1)
    assert (event.kind, event.actor) == (EventKind.AFTER_REVIEWED, by.name)
    assert (event.from_status, event.to_status) == (Status.APPROVED, Status.APPROVED)
    assert event.data == {"verdict": verdict}


def test_a_debt_falls_due_once_and_may_still_be_paid() -> None:
    """Late is told, and late is better than never."""
    broken, _ = break_glass()
    by_system = Command(actor=SYSTEM, at=LATER)

    overdue, event = overrides.mark_after_review_overdue(broken, by_system)
    judged, _ = judge(overdue)

    assert overdue.after_review == AfterReview(
        state=AfterReviewState.OVERDUE, due_at=NOON + timedelta(days=3)
    )
    assert (event.kind, event.actor) == (EventKind.AFTER_REVIEW_OVERDUE, "system")
    assert event.data == {"due_at": "2026-11-24T12:00:00.000000Z"}
    assert judged.after_review is not None
    assert judged.after_review.state is AfterReviewState.CLOSED


@pytest.mark.parametrize("paid", [False, True])
def test_what_is_not_owed_never_falls_due(*, paid: bool) -> None:
    """Neither what was judged nor what was approved as any other."""
    which = judge()[0] if paid else a_deployment()

    with pytest.raises(NoPendingAfterReview):
        overrides.mark_after_review_overdue(which, Command(actor=SYSTEM, at=LATER))


def test_to_break_the_glass_does_not_take_an_approval_back() -> None:
    """Who had consented before is still told; the rest is told as missing."""
    half, _ = approval.approve(
        a_deployment(), QA_THEN_DEVOPS, a_command(an_actor("quinn", groups=["qa"]))
    )

    broken, _ = break_glass(half)

    assert broken.approvals == half.approvals
    assert broken.reviewed_by is None
