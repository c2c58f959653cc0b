"""The after-review of a break-glass approval: who can close it and when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.catalog.policy import ApprovalRule, IndependentReviewers, Policy
from gatepost_domain.deployments.deployment import Dependence, Independence
from gatepost_domain.deployments.emergency_record import (
    AfterReview,
    AfterReviewState,
    Verdict,
)
from gatepost_domain.deployments.errors.break_glass import NoPendingAfterReview
from gatepost_domain.deployments.errors.reviews import NotIndependent, ReviewDenied
from gatepost_domain.errors import Refusal, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import overrides_and_break_glass
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_deployment,
    a_policy,
    a_stage,
    an_actor,
)
from tests.support.domain.emergencies import EVE, REVIEWED_AT, break_glass, close_review


def made_by(human: str, *, issuer: str | None = None) -> Actor:
    """Return the actor of a service account and a token created by these people."""
    humans = {human, issuer or human}
    return an_actor("robot", identity=Identity(humans=tuple(sorted(humans))))


@pytest.mark.parametrize(
    ("by", "code", "sentence"),
    [
        ("ada", "self_review", "ada requested this deployment; somebody else must review it."),
        (
            made_by("ada"),
            "self_review",
            (
                "robot counts as the same person as the requester ada, because a service account "
                "counts as those who created it and issued its token; somebody else must review "
                "this deployment."
            ),
        ),
        (
            made_by("robot", issuer="ada"),
            "self_review",
            (
                "robot counts as the same person as the requester ada, because a service account "
                "counts as those who created it and issued its token; somebody else must review "
                "this deployment."
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
            ("eve used break-glass on this deployment; somebody else must close its review."),
        ),
        (
            "EVE",
            "own_break_glass",
            ("eve used break-glass on this deployment; somebody else must close its review."),
        ),
        (
            made_by("eve"),
            "own_break_glass",
            "eve used break-glass on this deployment; somebody else must close its review.",
        ),
        (
            made_by("robot", issuer="eve"),
            "own_break_glass",
            "eve used break-glass on this deployment; somebody else must close its review.",
        ),
        (
            an_actor("zed", groups=["ops"]),
            "not_eligible",
            "zed cannot close this break-glass review; it requires group qa or group devops.",
        ),
    ],
)
def test_only_an_independent_reviewer_can_close_an_after_review(
    by: Actor | str, code: str, sentence: str
) -> None:
    """The requester, the break-glass user and ineligible people are refused."""
    with pytest.raises(Refusal) as refusal:
        close_review(by=by)

    assert (refusal.value.code, str(refusal.value)) == (code, sentence)
    assert isinstance(refusal.value, Forbidden | ReviewDenied)


INVITED_BY_QUINN = replace(
    EVE, identity=Identity(humans=("eve",), provenance={"quinn": Means.INVITATION})
)


def test_dependent_after_review_is_marked() -> None:
    """Whoever invited the break-glass user can close the after-review, which is then marked."""
    bypassed, _ = break_glass(by=INVITED_BY_QUINN)

    closed, event = close_review(bypassed, by="quinn")

    dependence = Dependence(reviewer="quinn", of="eve", through=("quinn",), by=Means.INVITATION)
    assert closed.independence == Independence(dependent=(dependence,))
    assert event.data["independence"] == [dependence.to_event_data()]


def test_dependent_after_review_is_refused_where_independence_is_required() -> None:
    """The refusal says who invited whom."""
    bypassed, _ = break_glass(by=INVITED_BY_QUINN)
    policy = replace(QA_THEN_DEVOPS, independent_reviewers=IndependentReviewers.REQUIRED)

    with pytest.raises(NotIndependent, match="who used break-glass on this deployment, was invite"):
        close_review(bypassed, by="quinn", policy=policy)


def test_after_review_is_closed_once() -> None:
    """A second verdict is refused, and the first one is kept."""
    reviewed, _ = close_review(verdict=Verdict.UNJUSTIFIED)

    with pytest.raises(NoPendingAfterReview) as refusal:
        close_review(reviewed, by="dora")

    assert refusal.value.code == "no_after_review"
    assert str(refusal.value) == "quinn has already closed the break-glass review of DEP-1."
    assert refusal.value.allowed == (Action.START, Action.CANCEL, Action.WITHDRAW)


def test_after_review_requires_a_break_glass() -> None:
    """A deployment that was approved normally has no after-review."""
    with pytest.raises(NoPendingAfterReview) as refusal:
        close_review(a_deployment())

    assert str(refusal.value) == (
        "Break-glass was not used for DEP-1, so there is nothing to review."
    )


@pytest.mark.parametrize("note", [None, "", " \n"])
def test_verdict_requires_a_note(note: str | None) -> None:
    """A missing note, or one that contains only whitespace, is refused."""
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
    """Either verdict closes the after-review without changing the status."""
    bypassed, _ = break_glass(policy=policy)

    reviewed, event = close_review(bypassed, by=by, verdict=verdict, policy=policy)

    due_at = NOON + timedelta(days=3)
    closed = AfterReview(
        state=AfterReviewState.CLOSED,
        due_at=due_at,
        verdict=verdict,
        closed_by=by.name,
        closed_at=REVIEWED_AT,
        note="There was no other way.",
    )
    assert reviewed == replace(bypassed, after_review=closed, revision=bypassed.revision + 1)
    assert (event.kind, event.actor) == (EventKind.AFTER_REVIEWED, by.name)
    assert (event.from_status, event.to_status) == (Status.APPROVED, Status.APPROVED)
    assert event.data == {
        "verdict": verdict,
        "identity": by.identity.to_event_data(),
        "independence": [],
    }


def test_overdue_after_review_can_still_be_closed() -> None:
    """The system records that the after-review is overdue; a reviewer can still close it."""
    bypassed, _ = break_glass()
    by_system = Command(actor=SYSTEM, at=REVIEWED_AT)

    overdue, event = overrides_and_break_glass.mark_after_review_overdue(bypassed, by_system)
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
    """Closed after-reviews and deployments without break-glass are refused."""
    target = close_review()[0] if closed else a_deployment()

    with pytest.raises(NoPendingAfterReview):
        overrides_and_break_glass.mark_after_review_overdue(
            target, Command(actor=SYSTEM, at=REVIEWED_AT)
        )
