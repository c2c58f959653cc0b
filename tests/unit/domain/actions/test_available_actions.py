"""Every action in every status, performed through a ledger."""

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.break_glass import NoPendingAfterReview
from gatepost_domain.deployments.errors.reviews import ReviewDenied
from gatepost_domain.deployments.errors.rollbacks import NotARollback
from gatepost_domain.deployments.errors.transitions import ActionRefused, TransitionRefused
from gatepost_domain.errors import NotFound, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.lifecycle.rollback_retry import RETRYABLE_STATUSES
from gatepost_domain.status_transitions import WAITING_STATUSES, Action, Status
from tests.support.builders import QA_THEN_DEVOPS, an_actor, an_id, create_catalog
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.lifecycle import (
    ACTIONS_TO_REACH,
    DESIGNED_TRANSITIONS,
    NEEDS_NOTE,
    NEEDS_REASON,
    WORKER_POLICY,
)
from tests.support.memory.ledger import InMemoryLedger

ALLOWED = [
    (status, action) for status, actions in DESIGNED_TRANSITIONS.items() for action in actions
]
REFUSED = [
    (status, action)
    for status in Status
    for action in Action
    if action not in DESIGNED_TRANSITIONS[status]
    and (status, action) != (Status.SUCCEEDED, Action.PROMOTE)
    and not (action is Action.OVERRIDE and status in WAITING_STATUSES)
]


async def a_ledger_with_one_at(status: Status) -> tuple[InMemoryLedger, Deployment]:
    """Return a ledger and its only deployment, brought to a status by real actions."""
    ledger = InMemoryLedger()
    await create_catalog(
        ledger,
        policies={
            "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
            "farm": (Tier.PRODUCTION, WORKER_POLICY),
        },
    )
    environment = "farm" if status is Status.QUEUED else "production"
    deployment = await request_deployment(ledger, environment=environment)
    for number, action in enumerate(ACTIONS_TO_REACH[status]):
        deployment = await perform_action(ledger, action, deployment.id, f"person-{number}")
    return ledger, deployment


async def with_approval_to_withdraw(
    ledger: InMemoryLedger, deployment: Deployment, action: Action
) -> Deployment:
    """Return the deployment, which somebody has approved if an approval is to be withdrawn."""
    if action is not Action.WITHDRAW or deployment.approvals:
        return deployment
    return await perform_action(ledger, Action.APPROVE, deployment.id, "person-0")


def approver_if_withdrawing(action: Action) -> str:
    """Return who performs an action: who approved first if it is a withdrawal."""
    return "person-0" if action is Action.WITHDRAW else "zoe"


@pytest.mark.parametrize(("status", "action"), REFUSED)
async def test_refused_action_changes_nothing(status: Status, action: Action) -> None:
    """The deployment is unchanged and no event is appended."""
    ledger, before = await a_ledger_with_one_at(status)
    entries = await all_entries(ledger)

    with pytest.raises(ActionRefused) as refusal:
        await perform_action(ledger, action, before.id)

    expected: type[ActionRefused] = TransitionRefused
    if action is Action.AFTER_REVIEW:
        expected = NoPendingAfterReview
    elif action is Action.RETRY and status in RETRYABLE_STATUSES:
        expected = NotARollback
    assert type(refusal.value) is expected

    assert await ledger.deployment(before.id) == before
    assert await all_entries(ledger) == entries


@pytest.mark.parametrize(
    ("status", "action"), [way for way in ALLOWED if way[1] in NEEDS_NOTE | NEEDS_REASON]
)
async def test_action_without_its_required_note_changes_nothing(
    status: Status, action: Action
) -> None:
    """The deployment is unchanged and no event is appended."""
    ledger, before = await a_ledger_with_one_at(status)
    by = approver_if_withdrawing(action)
    before = await with_approval_to_withdraw(ledger, before, action)
    entries = await all_entries(ledger)

    with pytest.raises(ValidationFailed):
        await perform_action(ledger, action, before.id, by, note=None)

    assert await ledger.deployment(before.id) == before
    assert await all_entries(ledger) == entries


@pytest.mark.parametrize(("status", "action"), ALLOWED)
async def test_action_on_another_revision_is_stale(status: Status, action: Action) -> None:
    """An action based on an outdated revision is refused."""
    ledger, before = await a_ledger_with_one_at(status)
    entries = await all_entries(ledger)

    with pytest.raises(StaleRevision) as refusal:
        await perform_action(ledger, action, before.id, revision=before.revision + 1)

    assert (refusal.value.expected, refusal.value.actual) == (
        {before.revision + 1},
        before.revision,
    )
    assert await all_entries(ledger) == entries


@pytest.mark.parametrize("action", Action)
async def test_action_on_an_unknown_deployment_is_not_found(action: Action) -> None:
    """The action is refused because the deployment does not exist."""
    ledger, _ = await a_ledger_with_one_at(Status.PENDING_APPROVAL)
    missing = an_id()

    with pytest.raises(NotFound) as refusal:
        await perform_action(ledger, action, missing)

    assert (refusal.value.code, refusal.value.name) == ("unknown_deployment", str(missing))


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
@pytest.mark.parametrize(
    ("by", "code"),
    [
        (an_actor("ada"), "self_review"),
        (an_actor("ＡＤＡ"), "self_review"),
        (an_actor("dora", groups=["devops"]), "not_eligible"),
    ],
)
async def test_denied_review_is_one_event_and_no_change(
    action: Action, by: Actor, code: str
) -> None:
    """The attempt is recorded in the history of the deployment."""
    ledger, before = await a_ledger_with_one_at(Status.PENDING_APPROVAL)
    entries = await all_entries(ledger)

    with pytest.raises(ReviewDenied) as refusal:
        await perform_action(ledger, action, before.id, by)

    assert await ledger.deployment(before.id) == before
    (new,) = (await all_entries(ledger))[len(entries) :]
    assert new.event == refusal.value.audit_event
    assert (new.event.kind, new.event.actor) == (EventKind.REVIEW_DENIED, by.name)
    assert new.event.data == {"code": code}


async def test_second_approval_by_one_person_is_one_event() -> None:
    """The second approval is denied and recorded."""
    ledger, before = await a_ledger_with_one_at(Status.PENDING_APPROVAL)
    await perform_action(ledger, Action.APPROVE, before.id, "quinn")

    with pytest.raises(ReviewDenied):
        await perform_action(ledger, Action.APPROVE, before.id, "Quinn")

    (*_, last) = await all_entries(ledger)
    assert (last.event.kind, last.event.data) == (
        EventKind.REVIEW_DENIED,
        {"code": "already_reviewed"},
    )


@pytest.mark.parametrize(("status", "action"), ALLOWED)
@pytest.mark.parametrize("by_number", [False, True])
async def test_action_is_one_revision_and_one_event(
    status: Status, action: Action, *, by_number: bool
) -> None:
    """An action on a deployment, given by id or number, adds one revision and one event."""
    ledger, before = await a_ledger_with_one_at(status)
    before = await with_approval_to_withdraw(ledger, before, action)
    by = approver_if_withdrawing(action)
    entries = await all_entries(ledger)

    after = await perform_action(
        ledger,
        action,
        before.number if by_number else before.id,
        by,
        revision=before.revision,
    )

    assert after.status in DESIGNED_TRANSITIONS[status][action]
    assert after.revision == before.revision + 1
    assert await ledger.deployment(before.id) == after
    (new,) = (await all_entries(ledger))[len(entries) :]
    assert (new.event.from_status, new.event.to_status) == (status, after.status)
    assert (new.event.deployment_id, new.event.actor) == (before.id, by)
