"""Approvals that end before the start, and automatic starts that are cancelled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.break_glass import ApprovedByBreakGlass
from gatepost_domain.deployments.errors.reviews import (
    NoApprovalToWithdraw,
    SelfReview,
    ServiceAccountReview,
)
from gatepost_domain.deployments.review import review_label, review_progress
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import approval, approval_withdrawal
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    an_actor,
)
from tests.support.domain.emergencies import break_glass
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status, transition

LATER = NOON + timedelta(hours=1)
BY_SYSTEM = Command(actor=SYSTEM, at=LATER)
QUINN = an_actor("quinn", groups=("qa",))
DORA = an_actor("dora", groups=("devops",))
EXPIRING = replace(QA_THEN_DEVOPS, approval_expires_s=7200)


def approved_by_both(status: Status = Status.APPROVED) -> Deployment:
    """Return a deployment that quinn and dora have approved, queued if that is the status."""
    policy = WORKER_POLICY if status is Status.QUEUED else QA_THEN_DEVOPS
    deployment = a_deployment(policy=policy)
    for reviewer in (QUINN, DORA):
        deployment, _ = approval.approve(deployment, policy, a_command(reviewer))
    if status is Status.QUEUED:
        deployment, _ = transition(deployment, Action.START, policy=policy)
    return deployment


def withdraw(deployment: Deployment, by: Actor = QUINN) -> Deployment:
    """Withdraw the approval of a reviewer, an hour later."""
    command = a_command(by, at=LATER, note="I tested the wrong build.")
    after, _ = approval_withdrawal.withdraw(deployment, QA_THEN_DEVOPS, command)
    return after


@pytest.mark.parametrize("status", [Status.APPROVED, Status.QUEUED])
def test_withdrawal_returns_the_deployment_to_its_reviewers(status: Status) -> None:
    """Nothing is left of the complete review, and the approvals of others stay."""
    before = approved_by_both(status)

    after = withdraw(before)

    assert after.status is Status.PENDING_APPROVAL
    assert [given.actor for given in after.approvals] == ["dora"]
    assert (after.approved_at, after.reviewed_by, after.reviewed_at) == (None, None, None)
    assert (after.queued_at, after.build_id) == (None, None)
    assert review_label(after) == "requested"
    progress = review_progress(after, QA_THEN_DEVOPS)
    assert progress.open_stage is not None
    assert progress.open_stage.stage.name == "qa"


def test_first_stage_can_be_approved_again_after_a_withdrawal() -> None:
    """The later stage is still satisfied, so that the review is then complete."""
    pending = withdraw(approved_by_both())

    after, _ = approval.approve(pending, QA_THEN_DEVOPS, a_command(QUINN))

    assert (after.status, after.reviewed_by) == (Status.APPROVED, "quinn")
    assert after.approved_stage == "devops"


def test_withdrawal_event_names_the_reviewer_and_the_stage() -> None:
    """The note is the reason."""
    command = a_command(DORA, at=LATER, note="Not today.")
    _, event = approval_withdrawal.withdraw(approved_by_both(), QA_THEN_DEVOPS, command)

    assert event.kind is EventKind.APPROVAL_WITHDRAWN
    assert (event.actor, event.stage, event.note) == ("dora", "devops", "Not today.")
    assert event.data == {"reviewer": "dora", "stages": ["devops"]}
    assert (event.from_status, event.to_status) == (Status.APPROVED, Status.PENDING_APPROVAL)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.QUEUED])
def test_time_limit_begins_again(status: Status) -> None:
    """A deployment that waits for its reviewers again has the whole time limit."""
    before = replace(approved_by_both(status), expires_at=NOON + timedelta(minutes=61))
    command = a_command(QUINN, at=LATER, note="Wrong build.")

    after, _ = approval_withdrawal.withdraw(before, EXPIRING, command)
    again, _ = approval.approve(after, EXPIRING, a_command(QUINN, at=LATER + timedelta(hours=1)))

    assert after.expires_at == LATER + timedelta(hours=2)
    assert again.expires_at == LATER + timedelta(hours=3)


def test_time_limit_of_a_pending_deployment_does_not_change() -> None:
    """Approving and withdrawing does not keep a request open."""
    pending, _ = approval.approve(a_deployment(policy=EXPIRING), EXPIRING, a_command(QUINN))
    command = a_command(QUINN, at=LATER, note="Wrong build.")

    after, _ = approval_withdrawal.withdraw(pending, EXPIRING, command)

    assert (after.approvals, after.expires_at) == ((), pending.expires_at)


@pytest.mark.parametrize("name", ["olga", "carl"])
def test_only_the_reviewer_withdraws(name: str) -> None:
    """Everybody else is refused, also other reviewers."""
    with pytest.raises(NoApprovalToWithdraw):
        withdraw(approved_by_both(), an_actor(name))


def test_withdrawn_approval_cannot_be_withdrawn_again() -> None:
    """There is nothing left to withdraw."""
    with pytest.raises(NoApprovalToWithdraw):
        withdraw(withdraw(approved_by_both()))


def test_requester_withdraws_no_approval() -> None:
    """The requester never reviews."""
    with pytest.raises(SelfReview):
        withdraw(approved_by_both(), an_actor("ada"))


def test_break_glass_does_not_depend_on_approvals() -> None:
    """An approval from before the break-glass cannot be withdrawn, and voiding keeps the status."""
    pending, _ = approval.approve(a_deployment(), QA_THEN_DEVOPS, a_command(QUINN))
    broken, _ = break_glass(pending)

    with pytest.raises(ApprovedByBreakGlass):
        withdraw(broken)
    voided, event = approval_withdrawal.void_approvals(
        broken, QA_THEN_DEVOPS, BY_SYSTEM, reviewer="quinn", reason="Disabled."
    )

    assert (voided.status, voided.approvals) == (Status.APPROVED, ())
    assert voided.approved_at == broken.approved_at
    assert (event.from_status, event.to_status) == (Status.APPROVED, Status.APPROVED)


@pytest.mark.parametrize("status", [Status.APPROVED, Status.QUEUED])
def test_voiding_has_the_effect_of_a_withdrawal(status: Status) -> None:
    """The event is by the system, and names the person."""
    before = approved_by_both(status)

    after, event = approval_withdrawal.void_approvals(
        before, QA_THEN_DEVOPS, BY_SYSTEM, reviewer="quinn", reason="Disabled."
    )

    assert after == withdraw(before)
    assert (event.kind, event.actor) == (EventKind.APPROVAL_VOIDED, "system")
    assert event.note == "Disabled."
    assert event.data == {"reviewer": "quinn", "stages": ["qa"]}


@pytest.mark.parametrize(
    ("status", "then"),
    [
        (Status.PENDING_APPROVAL, Status.PENDING_APPROVAL),
        (Status.APPROVED, Status.APPROVED),
        (Status.QUEUED, Status.APPROVED),
    ],
)
def test_cancelled_automatic_start_leaves_the_queue(status: Status, then: Status) -> None:
    """The deployment stays approved, and an operator can start it."""
    before = replace(deployment_with_status(status), auto_start=True)

    after, event = approval_withdrawal.cancel_auto_start(before, BY_SYSTEM, user="ada")

    assert (after.status, after.auto_start) == (then, False)
    assert (after.queued_at, after.build_id) == (None, None)
    assert after.approved_at == before.approved_at
    assert (event.kind, event.actor) == (EventKind.AUTO_START_CANCELLED, "system")
    assert event.data == {"user": "ada"}


@pytest.mark.parametrize(
    "action", [Action.APPROVE, Action.REJECT, Action.WITHDRAW, Action.AFTER_REVIEW]
)
@pytest.mark.parametrize("roles", [True, False])
def test_service_account_never_reviews(action: Action, *, roles: bool) -> None:
    """Its roles and groups make no difference."""
    robot = replace(an_actor("robot"), is_service_account=True)
    if not roles:
        robot = replace(robot, grants=())
    deployment = break_glass()[0] if action is Action.AFTER_REVIEW else a_deployment()

    with pytest.raises(ServiceAccountReview):
        transition(deployment, action, by=robot)
