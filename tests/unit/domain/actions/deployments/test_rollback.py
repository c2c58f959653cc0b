"""Rollback: the last known good version, its review and the blocked bad version."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Role
from gatepost_domain.actions.deployments.rollback import roll_back_deployment
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.policy import ExecutionMode, Policy, RollbackApprovals
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_user,
    an_actor,
    an_id,
)
from tests.support.domain.actions import all_entries, perform_action, request_deployment
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.promotion import (
    REASON,
    STAGES,
    advance_to,
    all_deployments,
    approve,
    complete_deployment,
    deploy,
    expect_refusal,
    get_block,
    promotion_ledger,
    roll_back,
    set_policy,
    unblock_version,
)
from tests.support.domain.tracking import create_record, hide_deployment
from tests.support.memory.ledger import InMemoryLedger

LATER = NOON + timedelta(hours=1)
FREELY = replace(QA_THEN_DEVOPS, rollback_approvals=RollbackApprovals.NONE)
AT_ONCE = replace(FREELY, auto_start=True)


async def a_ledger(production: Policy = QA_THEN_DEVOPS) -> InMemoryLedger:
    """Return a ledger in which test does not promote automatically."""
    return await promotion_ledger(test=a_policy(), production=production)


async def two_versions(
    production: Policy = QA_THEN_DEVOPS,
) -> tuple[InMemoryLedger, Deployment, Deployment]:
    """Deploy 1.0.0 and 2.0.0 to production, and return the ledger and both deployments."""
    ledger = await a_ledger(production)
    good = await deploy(ledger)
    return ledger, good, await deploy(ledger, version="2.0.0", at=LATER)


async def last_of(ledger: InMemoryLedger) -> Deployment:
    """Return the newest deployment."""
    return (await all_deployments(ledger))[-1]


async def test_redeploy_without_a_known_good_version_changes_nothing() -> None:
    """Without a version to return to, the rollback is refused with a list of alternatives."""
    ledger = await a_ledger()
    only = await deploy(ledger)

    refusal = await expect_refusal(ledger, roll_back(ledger, only.id))

    assert refusal.code == "no_known_good"
    assert str(refusal) == (
        "No known good version other than 1.0.0 exists for shop in production; roll back "
        "without redeploying, or request the version you want."
    )
    assert await get_block(ledger, "1.0.0") is None


@pytest.mark.parametrize(
    ("by", "status", "note", "code"),
    [
        (an_actor("bo", roles=[Role.REQUESTER]), Status.APPROVED, "", "forbidden"),
        ("olga", Status.APPROVED, "", "transition_refused"),
        ("olga", Status.SUCCEEDED, "", "note_required"),
    ],
)
async def test_refused_rollback_redeploys_nothing(
    by: Actor | str, status: Status, note: str, code: str
) -> None:
    """No deployment is created. The right is checked first, then the status, then the reason."""
    ledger, _, bad = await two_versions()
    which = (
        bad
        if status is Status.SUCCEEDED
        else await approve(ledger, await request_deployment(ledger))
    )

    refusal = await expect_refusal(ledger, roll_back(ledger, which.id, by, note=note))

    assert refusal.code == code
    assert await get_block(ledger, bad.version) is None


async def test_rollback_with_redeploy_requests_the_last_known_good_version() -> None:
    """The bad deployment is marked, its version blocked and a new deployment requested."""
    ledger, good, bad = await two_versions()
    entry_count = len(await all_entries(ledger))

    marked = await roll_back(ledger, bad.id, at=LATER)

    back = await last_of(ledger)
    assert (marked.status, marked.rolled_back_by) == (Status.ROLLED_BACK, back.id)
    assert (back.kind, back.rolls_back, back.version) == (
        DeploymentKind.ROLLBACK,
        bad.id,
        good.version,
    )
    assert (back.requester, back.notes, back.created_at) == ("olga", "It lost orders.", LATER)
    assert back.status is Status.PENDING_APPROVAL
    block = await get_block(ledger, "2.0.0")
    assert block is not None
    assert (block.by, block.reason, block.number, block.at) == (
        "olga",
        "It lost orders.",
        bad.number,
        LATER,
    )
    new = [entry.event for entry in (await all_entries(ledger))[entry_count:]]
    assert [(event.kind, event.deployment_id) for event in new] == [
        (EventKind.ROLLED_BACK, bad.id),
        (EventKind.VERSION_BLOCKED, bad.id),
        (EventKind.REQUESTED, back.id),
    ]
    assert new[0].data == {"rolled_back_by": str(back.id)}
    assert new[1].data == {"service": "shop", "environment": "production", "version": "2.0.0"}


@pytest.mark.parametrize("done", [[], [Action.FAIL], [Action.SUCCEED]])
async def test_every_started_deployment_can_be_rolled_back(done: list[Action]) -> None:
    """The previously live version is redeployed in each case."""
    ledger = await a_ledger()
    await deploy(ledger)
    bad = await approve(ledger, await request_deployment(ledger, version="2.0.0"))
    for action in (Action.START, *done):
        await perform_action(ledger, action, bad.id)

    await roll_back(ledger, bad.id)

    assert (await last_of(ledger)).version == "1.0.0"


async def test_rollback_without_redeploy_only_marks() -> None:
    """The version is not blocked, and no other deployment is created."""
    ledger, _, bad = await two_versions()

    marked = await roll_back(ledger, bad.id, redeploy=False)

    assert (marked.status, marked.rolled_back_by) == (Status.ROLLED_BACK, None)
    assert await last_of(ledger) == marked
    assert await get_block(ledger, "2.0.0") is None
    assert (await request_deployment(ledger, version="2.0.0")).status is Status.PENDING_APPROVAL


async def test_last_known_good_is_the_last_allowed_live_version() -> None:
    """Rolled-back, blocked and hidden deployments are skipped, and so is the bad version.

    A record is ordered by the time at which it was deployed.
    """
    ledger = await promotion_ledger(
        test=a_policy(), versions=("0.9", "1.0", "1.1", "1.2", "1.3", "2.0")
    )
    await create_record(ledger, version="0.9", deployed_at=NOON - timedelta(days=1))
    await create_record(ledger, version="1.0", deployed_at=NOON)
    hidden = await create_record(ledger, version="1.1", deployed_at=NOON)
    await hide_deployment(ledger, hidden.id)
    marked = await deploy(ledger, version="1.2")
    await roll_back(ledger, marked.id, redeploy=False)
    blocked = await deploy(ledger, version="1.3")
    await deploy(ledger, version="1.3")
    await roll_back(ledger, blocked.id)
    await deploy(ledger, version="2.0", at=LATER)
    bad = await deploy(ledger, version="2.0", at=LATER)

    await roll_back(ledger, bad.id)

    assert (await last_of(ledger)).version == "1.0"


async def test_rolled_back_version_is_blocked_until_unblocked() -> None:
    """The block applies to one environment only; others still accept the version."""
    ledger, _, bad = await two_versions()
    await roll_back(ledger, bad.id)

    refusal = await expect_refusal(ledger, request_deployment(ledger, version="2.0.0"))
    elsewhere = await request_deployment(ledger, version="2.0.0", environment="test")
    await unblock_version(ledger, "2.0.0")

    assert refusal.code == "version_blocked"
    assert str(refusal) == (
        "2.0.0 of shop is blocked in production because olga rolled back DEP-2; an operator can "
        "unblock it. Reason: It lost orders."
    )
    assert elsewhere.status is Status.APPROVED
    assert (await request_deployment(ledger, version="2.0.0")).status is Status.PENDING_APPROVAL


async def test_waiting_deployment_of_a_blocked_version_keeps_waiting() -> None:
    """The deployment can start once the version is unblocked."""
    ledger, _, bad = await two_versions()
    waiting = await approve(ledger, await request_deployment(ledger, version="2.0.0"))
    await roll_back(ledger, bad.id)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.START, waiting.id))
    await unblock_version(ledger, "2.0.0")

    assert refusal.code == "version_blocked"
    assert (await perform_action(ledger, Action.START, waiting.id)).status is Status.STARTED


async def test_rollback_needs_the_usual_approvals_by_default() -> None:
    """The person who rolled back cannot approve the new deployment, but others can."""
    ledger, _, bad = await two_versions()
    await roll_back(ledger, bad.id, "bo")
    back = await last_of(ledger)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, back.id, "Bo"))
    approved = await perform_action(ledger, Action.APPROVE, back.id, "ada")

    assert (refusal.code, str(refusal)) == (
        "self_review",
        "bo requested this deployment; somebody else must review it.",
    )
    assert len(approved.approvals) == 1


async def test_actor_and_person_acted_for_cannot_approve_a_rollback() -> None:
    """Both are responsible for the rollback, so either's approval is refused as a self-review."""
    ledger, _, bad = await two_versions()
    from_pipeline = Command(
        actor=an_actor("pipeline"),
        at=LATER,
        note="It lost orders.",
        requested_name="bo",
        requested_user=a_user("bo"),
    )
    await ledger.perform(
        partial(
            roll_back_deployment,
            reference=bad.id,
            command=from_pipeline,
            revision=None,
            new_id=an_id,
            redeploy=True,
        )
    )
    back = await last_of(ledger)

    refusals = [
        await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, back.id, by))
        for by in ("bo", "pipeline")
    ]

    assert back.requester == "bo"
    assert [refusal.code for refusal in refusals] == ["self_review", "self_review"]


@pytest.mark.parametrize("execution", ExecutionMode)
async def test_rollback_can_start_without_approval_by_policy(execution: ExecutionMode) -> None:
    """The system approves a version that was reviewed before and records the policy version."""
    ledger, _, bad = await two_versions(replace(AT_ONCE, execution=execution))

    await roll_back(ledger, bad.id)

    back = await last_of(ledger)
    at_work = Status.QUEUED if execution is ExecutionMode.WORKER else Status.STARTED
    assert (back.status, back.approvals) == (at_work, ())
    approval = [
        entry.event
        for entry in await all_entries(ledger)
        if (entry.event.deployment_id, entry.event.kind) == (back.id, EventKind.APPROVED)
    ]
    assert [(event.actor, event.note) for event in approval] == [
        ("system", "Policy version 1 of production requires no approval.")
    ]


async def test_rollback_to_an_unreviewed_record_needs_approval() -> None:
    """Approval is needed even if the policy requires none for rollbacks."""
    ledger = await a_ledger(AT_ONCE)
    await create_record(ledger, version="3.0.0", by="olga")
    bad = await approve(ledger, await request_deployment(ledger, version="2.0.0"))
    await roll_back(ledger, bad.id)
    back = await last_of(ledger)

    succeeded = await complete_deployment(ledger, back)

    assert (back.version, back.status) == ("3.0.0", Status.PENDING_APPROVAL)
    assert (succeeded.status, len(succeeded.approvals)) == (Status.SUCCEEDED, 2)
    again = await approve(ledger, await request_deployment(ledger, version="1.0.0"))
    await roll_back(ledger, again.id)
    assert (await last_of(ledger)).status is Status.STARTED  # the after-review is closed


async def test_freeze_order_promotion_and_soak_do_not_apply_to_rollbacks() -> None:
    """Only the approval and lane gates apply to rollbacks."""
    ledger, _, bad = await two_versions()
    demanding = a_policy(*STAGES, requires=("test",), soak_s=3600)
    await set_policy(ledger, "production", demanding)
    frozen = partial(
        impose_freeze,
        request=a_freeze_request(),
        command=a_command("otto"),
        id=an_id(),
        new_id=an_id,
    )
    await ledger.perform(frozen)
    older, newer = await request_deployment(ledger), await request_deployment(ledger)
    await roll_back(ledger, bad.id)
    back = await approve(ledger, await last_of(ledger))

    refusal = await expect_refusal(
        ledger, perform_action(ledger, Action.START, (await approve(ledger, older)).id)
    )
    started = await perform_action(ledger, Action.START, back.id)

    assert refusal.code == "upstream_missing"
    assert (started.status, newer.number) == (Status.STARTED, older.number + 1)


async def test_rollback_is_never_outdated() -> None:
    """A rollback can start after a newer deployment."""
    ledger, _, bad = await two_versions()
    await roll_back(ledger, bad.id)
    back = await approve(ledger, await last_of(ledger))
    await deploy(ledger, version="3.0.0", at=LATER)

    started = await perform_action(ledger, Action.START, back.id)

    assert started.status is Status.STARTED


async def test_rollback_to_a_version_blocked_meanwhile_waits() -> None:
    """The start is refused because the version is blocked."""
    ledger, good, bad = await two_versions()
    await create_record(ledger, version="3.0.0", deployed_at=NOON - timedelta(days=1))
    await roll_back(ledger, bad.id)
    back = await approve(ledger, await last_of(ledger))
    await roll_back(ledger, good.id)

    refusal = await expect_refusal(ledger, perform_action(ledger, Action.START, back.id))

    assert refusal.code == "version_blocked"
    assert (await last_of(ledger)).version == "3.0.0"


async def test_lane_resumes_after_a_rollback() -> None:
    """The next deployment starts if nothing is redeployed; a redeployment goes first."""
    ledger = await a_ledger(a_policy(auto_start=True))
    await deploy(ledger)
    bad = await request_deployment(ledger, version="2.0.0")
    same, other = (
        await request_deployment(ledger, version="2.0.0"),
        await request_deployment(ledger, version="3.0.0"),
    )

    await roll_back(ledger, bad.id, redeploy=False)
    first = (await ledger.deployment(same.id)).status
    await roll_back(ledger, same.id)

    back = await last_of(ledger)
    assert first is Status.STARTED
    assert (back.status, (await ledger.deployment(other.id)).status) == (
        Status.STARTED,
        Status.APPROVED,
    )


async def test_rollback_is_possible_when_archived_or_with_an_overdue_review() -> None:
    """Restrictions on new deployments do not prevent a rollback."""
    ledger, _, bad = await two_versions(AT_ONCE)
    glass = await request_deployment(ledger, version="3.0.0")
    await perform_action(ledger, Action.BREAK_GLASS, glass.id, "eve", note=REASON)
    await perform_action(ledger, Action.SUCCEED, glass.id)
    await advance_to(ledger, NOON + timedelta(days=5))

    await roll_back(ledger, glass.id, at=NOON + timedelta(days=5))

    assert ((await last_of(ledger)).version, (await last_of(ledger)).status) == (
        bad.version,
        Status.STARTED,
    )
