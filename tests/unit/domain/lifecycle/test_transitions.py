"""Every action in every status, compared with the table of transitions."""

from dataclasses import fields, replace

import pytest

from gatepost_domain.catalog.policy import ApprovalRule, ExecutionMode, Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.break_glass import NoPendingAfterReview
from gatepost_domain.deployments.errors.transitions import TransitionRefused
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import creation
from gatepost_domain.status_transitions import WAITING_STATUSES, Action, Status, actions_to_suggest
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment, a_policy, a_stage
from tests.support.domain.lifecycle import (
    DESIGNED_TRANSITIONS,
    TRANSITION_ACTIONS,
    WORKER_POLICY,
    deployment_with_status,
    transition,
)

REFUSED = [
    (status, action)
    for status in Status
    for action in TRANSITION_ACTIONS
    if action not in DESIGNED_TRANSITIONS[status]
]

ENDED = {"finished_at"}
BACK = {"rolled_back_at"}
BEGUN = {"started_at", "deployed_by"}
BUILD = {"build_id", "attempt"}
REVIEWED = {"reviewed_by", "reviewed_at"}
BROKEN = {"approved_at", "break_glass", "after_review"}
WITHDRAWN = "approval_withdrawn"
NOT_APPROVED = {"approved_at"} | REVIEWED
QUEUED = {"queued_at", "build_id"}
REDUNDANT = a_policy(a_stage("review", ApprovalRule(), ApprovalRule(user="reviewer-3")))
REDUNDANT_QUEUE = replace(REDUNDANT, execution=ExecutionMode.WORKER)
MOVES = [
    # from, approvals before, policy, action, to, event, what changes besides status and revision
    ("pending_approval", 0, QA_THEN_DEVOPS, "approve", "pending_approval", "approved", set()),
    ("pending_approval", 1, QA_THEN_DEVOPS, "approve", "approved", "approved", {"approved_at"}),
    ("pending_approval", 0, QA_THEN_DEVOPS, "reject", "rejected", "rejected", REVIEWED),
    ("pending_approval", 1, QA_THEN_DEVOPS, "reject", "rejected", "rejected", REVIEWED),
    ("pending_approval", 0, QA_THEN_DEVOPS, "cancel", "cancelled", "cancelled", ENDED),
    ("pending_approval", 0, QA_THEN_DEVOPS, "break_glass", "approved", "broke_glass", BROKEN),
    ("pending_approval", 1, QA_THEN_DEVOPS, "break_glass", "approved", "broke_glass", BROKEN),
    ("pending_approval", 1, QA_THEN_DEVOPS, "withdraw", "pending_approval", WITHDRAWN, set()),
    ("approved", 2, QA_THEN_DEVOPS, "withdraw", "pending_approval", WITHDRAWN, NOT_APPROVED),
    ("approved", 3, REDUNDANT, "withdraw", "approved", WITHDRAWN, set()),
    ("queued", 2, WORKER_POLICY, "withdraw", "pending_approval", WITHDRAWN, NOT_APPROVED | QUEUED),
    ("queued", 3, REDUNDANT_QUEUE, "withdraw", "queued", WITHDRAWN, set()),
    ("approved", 2, QA_THEN_DEVOPS, "start", "started", "started", BEGUN | BUILD),
    ("approved", 2, WORKER_POLICY, "start", "queued", "queued", {"queued_at", "build_id"}),
    ("approved", 2, QA_THEN_DEVOPS, "cancel", "cancelled", "cancelled", ENDED),
    ("queued", 2, WORKER_POLICY, "claim", "started", "started", BEGUN | {"worker", "attempt"}),
    ("queued", 2, WORKER_POLICY, "cancel", "cancelled", "cancelled", ENDED),
    ("started", 2, QA_THEN_DEVOPS, "succeed", "succeeded", "succeeded", ENDED | {"deployed_at"}),
    ("started", 2, QA_THEN_DEVOPS, "fail", "failed", "failed", ENDED),
    ("started", 2, QA_THEN_DEVOPS, "rollback", "rolled_back", "rolled_back", ENDED | BACK),
    ("succeeded", 2, QA_THEN_DEVOPS, "rollback", "rolled_back", "rolled_back", BACK),
    ("failed", 2, QA_THEN_DEVOPS, "rollback", "rolled_back", "rolled_back", BACK),
]
BY_ACTION = {
    Action.APPROVE: {"approvals", "approved_stage"},
    Action.CANCEL: {"cancel_reason"},
    Action.WITHDRAW: {"approvals", "approved_stage"},
}


@pytest.mark.parametrize(("status", "action"), REFUSED)
def test_action_outside_the_table_is_refused(status: Status, action: Action) -> None:
    """The refusal contains the status and the allowed actions."""
    deployment = deployment_with_status(status)

    with pytest.raises(TransitionRefused) as refusal:
        transition(deployment, action)

    assert refusal.value.code == "transition_refused"
    assert refusal.value.status is status
    assert refusal.value.action is action
    assert refusal.value.allowed == actions_to_suggest(status)
    assert refusal.value.audit_event is None


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SUCCEEDED])
def test_only_a_successful_deployment_is_promotable(status: Status) -> None:
    """In any other status, promotion is refused and the refusal lists the available actions."""
    with pytest.raises(TransitionRefused) as refusal:
        creation.require_promotable(deployment_with_status(status))

    assert (refusal.value.action, refusal.value.status) == (Action.PROMOTE, status)
    assert refusal.value.allowed == actions_to_suggest(status)


@pytest.mark.parametrize("status", [status for status in Status if status not in WAITING_STATUSES])
def test_only_a_waiting_deployment_has_gates_to_override(status: Status) -> None:
    """Once a deployment has started or ended, an override is refused."""
    with pytest.raises(TransitionRefused) as refusal:
        transition(deployment_with_status(status), Action.OVERRIDE)

    assert (refusal.value.action, refusal.value.status) == (Action.OVERRIDE, status)
    assert refusal.value.allowed == actions_to_suggest(status)


@pytest.mark.parametrize("status", Status)
def test_retrospective_review_is_refused_without_break_glass(status: Status) -> None:
    """Without break-glass, no after-review is pending, whatever the deployment's status."""
    with pytest.raises(NoPendingAfterReview) as refusal:
        transition(deployment_with_status(status), Action.AFTER_REVIEW)

    assert (refusal.value.code, refusal.value.status) == ("no_after_review", status)
    assert refusal.value.allowed == actions_to_suggest(status)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            Status.PENDING_APPROVAL,
            (
                "This action is not available until the deployment is started; available now: "
                "approve, "
                "reject, cancel, withdraw."
            ),
        ),
        (
            Status.QUEUED,
            (
                "This action is not available until the deployment is started; available now: "
                "cancel, withdraw."
            ),
        ),
        (
            Status.SUCCEEDED,
            "This action is not available in status succeeded; available now: rollback.",
        ),
        (
            Status.REJECTED,
            "This action is not available in status rejected; no other action is available.",
        ),
    ],
)
def test_refused_action_says_when_it_is_available(status: Status, message: str) -> None:
    """The message also lists the actions that are available now."""
    with pytest.raises(TransitionRefused) as refusal:
        transition(deployment_with_status(status), Action.SUCCEED)

    assert str(refusal.value) == message


@pytest.mark.parametrize(("status", "action"), REFUSED)
def test_status_is_checked_before_the_note(status: Status, action: Action) -> None:
    """An action that is not available is refused before its missing note is reported."""
    with pytest.raises(TransitionRefused):
        transition(deployment_with_status(status), action, note=None)


@pytest.mark.parametrize(
    ("status", "approvals", "policy", "action", "to", "kind", "changes"), MOVES
)
def test_transition_changes_exactly_the_expected_fields(
    status: str,
    approvals: int,
    policy: Policy,
    action: str,
    to: str,
    kind: str,
    changes: set[str],
) -> None:
    """The status, the revision and the fields listed for the transition change."""
    before = standing_at(Status(status), approvals, policy)

    after, event = transition(before, Action(action), policy=policy)

    expected = {"status", "revision"} | changes | BY_ACTION.get(Action(action), set())
    if action == Action.APPROVE and to == Status.APPROVED:
        expected |= REVIEWED
    if to == status:
        expected -= {"status"}
    if action == Action.WITHDRAW and to != Status.PENDING_APPROVAL:
        expected -= {"approved_stage"}
    assert (after.status, after.revision) == (to, before.revision + 1)
    assert {
        field.name
        for field in fields(Deployment)
        if getattr(before, field.name) != getattr(after, field.name)
    } == expected
    assert {
        name: getattr(after, name) for name in expected if name.endswith("_at")
    } == dict.fromkeys(
        (name for name in expected if name.endswith("_at")),
        None if action == Action.WITHDRAW else NOON,
    )
    assert event.kind is EventKind(kind)
    assert (event.from_status, event.to_status) == (before.status, after.status)
    assert (event.deployment_id, event.at, event.note) == (before.id, NOON, "Because it must be.")


def test_all_transitions_are_covered() -> None:
    """The examples in this module cover every transition of the table."""
    covered = {(Status(move[0]), Action(move[3]), Status(move[4])) for move in MOVES}

    assert covered == {
        (status, action, to)
        for status, actions in DESIGNED_TRANSITIONS.items()
        for action, ends in actions.items()
        for to in ends
    }


def standing_at(status: Status, approvals: int, policy: Policy) -> Deployment:
    """Return a deployment in this status, with this number of approvals if it is pending.

    With a redundant policy, the second approval contributes nothing to the review.
    """
    if policy in {REDUNDANT, REDUNDANT_QUEUE}:
        deployment = a_deployment(policy=policy)
        for action in [Action.APPROVE] * 3 + [Action.START] * (status is Status.QUEUED):
            deployment, _ = transition(deployment, action, policy=policy)
        return deployment
    deployment = deployment_with_status(status, policy=policy)
    while len(deployment.approvals) < approvals:
        deployment, _ = transition(deployment, Action.APPROVE, policy=policy)
    return deployment
