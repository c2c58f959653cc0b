"""Every status met with every action: what is not in the table of moves is refused."""

from dataclasses import fields

import pytest

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors import NoPendingAfterReview, TransitionRefused
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle import creation
from gatepost_domain.status import WAITING_STATUSES, Action, Status, allowed_actions
from tests.support.builders import NOON, QA_THEN_DEVOPS
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
REVIEWED = {"reviewed_by", "reviewed_at"}
BROKEN = {"approved_at", "break_glass", "after_review"}
MOVES = [
    # from, approvals before, policy, action, to, event, what changes besides status and revision
    ("pending_approval", 0, QA_THEN_DEVOPS, "approve", "pending_approval", "approved", set()),
    ("pending_approval", 1, QA_THEN_DEVOPS, "approve", "approved", "approved", {"approved_at"}),
    ("pending_approval", 0, QA_THEN_DEVOPS, "reject", "rejected", "rejected", REVIEWED),
    ("pending_approval", 1, QA_THEN_DEVOPS, "reject", "rejected", "rejected", REVIEWED),
    ("pending_approval", 0, QA_THEN_DEVOPS, "cancel", "cancelled", "cancelled", ENDED),
    ("pending_approval", 0, QA_THEN_DEVOPS, "break_glass", "approved", "broke_glass", BROKEN),
    ("pending_approval", 1, QA_THEN_DEVOPS, "break_glass", "approved", "broke_glass", BROKEN),
    ("approved", 2, QA_THEN_DEVOPS, "start", "started", "started", BEGUN),
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
    Action.APPROVE: {"approvals"},
    Action.CANCEL: {"cancel_reason"},
}


@pytest.mark.parametrize(("status", "action"), REFUSED)
def test_an_action_outside_the_table_is_refused(status: Status, action: Action) -> None:
    """The refusal says where the deployment stands and what is possible instead."""
    deployment = deployment_with_status(status)

    with pytest.raises(TransitionRefused) as refused:
        transition(deployment, action)

    assert refused.value.code == "transition_refused"
    assert refused.value.status is status
    assert refused.value.action is action
    assert refused.value.allowed == allowed_actions(status)
    assert refused.value.audit_event is None


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SUCCEEDED])
def test_only_what_succeeded_is_promoted(status: Status) -> None:
    """To promote is no move, yet it is refused by the status as one."""
    with pytest.raises(TransitionRefused) as refused:
        creation.require_promotable(deployment_with_status(status))

    assert (refused.value.action, refused.value.status) == (Action.PROMOTE, status)
    assert refused.value.allowed == allowed_actions(status)


@pytest.mark.parametrize("status", [status for status in Status if status not in WAITING_STATUSES])
def test_only_what_waits_has_gates_to_pass(status: Status) -> None:
    """To override is no move, yet it is refused by the status as one."""
    with pytest.raises(TransitionRefused) as refused:
        transition(deployment_with_status(status), Action.OVERRIDE)

    assert (refused.value.action, refused.value.status) == (Action.OVERRIDE, status)
    assert refused.value.allowed == allowed_actions(status)


@pytest.mark.parametrize("status", Status)
def test_nothing_is_judged_where_no_glass_was_broken(status: Status) -> None:
    """To judge is no move: it is refused for what is not there, whatever the status."""
    with pytest.raises(NoPendingAfterReview) as refused:
        transition(deployment_with_status(status), Action.AFTER_REVIEW)

    assert (refused.value.code, refused.value.status) == ("no_after_review", status)
    assert refused.value.allowed == allowed_actions(status)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (
            Status.PENDING_APPROVAL,
            "Not available until it is started; available now: approve, reject, cancel.",
        ),
        (Status.QUEUED, "Not available until it is started; available now: cancel."),
        (Status.SUCCEEDED, "Not available in status succeeded; available now: rollback."),
        (Status.REJECTED, "Not available in status rejected; no action is left."),
    ],
)
def test_refused_action_says_when_it_is_available(status: Status, message: str) -> None:
    """The message says when the action becomes available, and which actions are now."""
    with pytest.raises(TransitionRefused) as refused:
        transition(deployment_with_status(status), Action.SUCCEED)

    assert str(refused.value) == message


@pytest.mark.parametrize(("status", "action"), REFUSED)
def test_a_wrong_action_is_refused_for_its_status_before_its_missing_note(
    status: Status, action: Action
) -> None:
    """Nobody is asked for a reason for what cannot be done anyway."""
    with pytest.raises(TransitionRefused):
        transition(deployment_with_status(status), action, note=None)


@pytest.mark.parametrize(("status", "given", "policy", "action", "to", "kind", "changes"), MOVES)
def test_a_move_changes_exactly_what_the_table_says(
    status: str,
    given: int,
    policy: Policy,
    action: str,
    to: str,
    kind: str,
    changes: set[str],
) -> None:
    """Each move sets the new status and its own times, counts the revision, and touches no more."""
    before = standing_at(Status(status), given, policy)

    after, event = transition(before, Action(action), policy=policy)

    expected = {"status", "revision"} | changes | BY_ACTION.get(Action(action), set())
    if action == Action.APPROVE and to == Status.APPROVED:
        expected |= REVIEWED
    if to == status:
        expected -= {"status"}
    assert (after.status, after.revision) == (to, before.revision + 1)
    assert {
        field.name
        for field in fields(Deployment)
        if getattr(before, field.name) != getattr(after, field.name)
    } == expected
    assert {
        name: getattr(after, name) for name in expected if name.endswith("_at")
    } == dict.fromkeys((name for name in expected if name.endswith("_at")), NOON)
    assert event.kind is EventKind(kind)
    assert (event.from_status, event.to_status) == (before.status, after.status)
    assert (event.deployment_id, event.at, event.note) == (before.id, NOON, "Because it must be.")


def test_the_moves_walked_here_are_all_there_are() -> None:
    """No move of the table escapes the walk."""
    walked = {(Status(each[0]), Action(each[3]), Status(each[4])) for each in MOVES}

    assert walked == {
        (status, action, to)
        for status, actions in DESIGNED_TRANSITIONS.items()
        for action, ends in actions.items()
        for to in ends
    }


def standing_at(status: Status, given: int, policy: Policy) -> Deployment:
    """A deployment at a status under a policy, with so many approvals where it is pending."""
    deployment = deployment_with_status(status, policy=policy)
    while len(deployment.approvals) < given:
        deployment, _ = transition(deployment, Action.APPROVE, policy=policy)
    return deployment
