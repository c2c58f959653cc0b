"""Going back: the last known good version, its review, and what the bad one is kept from."""

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
from gatepost_domain.status import Action, Status
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_command, a_policy, an_actor, an_id
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
    """Test promotes nothing by itself."""
    return await promotion_ledger(test=a_policy(), production=production)


async def two_versions(
    production: Policy = QA_THEN_DEVOPS,
) -> tuple[InMemoryLedger, Deployment, Deployment]:
    """1.0.0 stood in production, and 2.0.0 stands."""
    ledger = await a_ledger(production)
    good = await deploy(ledger)
    return ledger, good, await deploy(ledger, version="2.0.0", at=LATER)


async def last_of(ledger: InMemoryLedger) -> Deployment:
    """What was asked for last."""
    return (await all_deployments(ledger))[-1]


async def test_to_go_back_where_nothing_else_stood_changes_nothing() -> None:
    """The refusal says what else can be done; the deployment is as it was."""
    ledger = await a_ledger()
    only = await deploy(ledger)

    refused = await expect_refusal(ledger, roll_back(ledger, only.id))

    assert refused.code == "no_known_good"
    assert str(refused) == (
        "No known good version other than 1.0.0 exists for shop in production; roll back "
        "without redeploy, or request the version you want."
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
async def test_a_rollback_that_breaks_a_rule_redeploys_nothing(
    by: Actor | str, status: Status, note: str, code: str
) -> None:
    """The right comes before the status, and that before the reason."""
    ledger, _, bad = await two_versions()
    which = (
        bad
        if status is Status.SUCCEEDED
        else await approve(ledger, await request_deployment(ledger))
    )

    refused = await expect_refusal(ledger, roll_back(ledger, which.id, by, note=note))

    assert refused.code == code
    assert await get_block(ledger, bad.version) is None


async def test_the_last_known_good_version_is_asked_for_in_the_same_breath() -> None:
    """One is marked and its version kept out, the other is asked for; each is an event."""
    ledger, good, bad = await two_versions()
    told = len(await all_entries(ledger))

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
    new = [entry.event for entry in (await all_entries(ledger))[told:]]
    assert [(event.kind, event.deployment_id) for event in new] == [
        (EventKind.ROLLED_BACK, bad.id),
        (EventKind.VERSION_BLOCKED, bad.id),
        (EventKind.REQUESTED, back.id),
    ]
    assert new[0].data == {"rolled_back_by": str(back.id)}
    assert new[1].data == {"service": "shop", "environment": "production", "version": "2.0.0"}


@pytest.mark.parametrize("done", [[], [Action.FAIL], [Action.SUCCEED]])
async def test_whatever_started_can_be_gone_back_from(done: list[Action]) -> None:
    """Under way, failed or standing: what stood before is redeployed, not what never did."""
    ledger = await a_ledger()
    await deploy(ledger)
    bad = await approve(ledger, await request_deployment(ledger, version="2.0.0"))
    for action in (Action.START, *done):
        await perform_action(ledger, action, bad.id)

    await roll_back(ledger, bad.id)

    assert (await last_of(ledger)).version == "1.0.0"


async def test_to_mark_alone_blocks_nothing_and_redeploys_nothing() -> None:
    """Who reverted it elsewhere only tells so."""
    ledger, _, bad = await two_versions()

    marked = await roll_back(ledger, bad.id, redeploy=False)

    assert (marked.status, marked.rolled_back_by) == (Status.ROLLED_BACK, None)
    assert await last_of(ledger) == marked
    assert await get_block(ledger, "2.0.0") is None
    assert (await request_deployment(ledger, version="2.0.0")).status is Status.PENDING_APPROVAL


async def test_known_good_is_what_stood_last_of_what_may_stand() -> None:
    """Neither the same version, nor what was rolled back, nor what is blocked, nor what is hidden.

    Records count, by when they were deployed.
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


async def test_the_bad_version_is_refused_there_until_unblocked() -> None:
    """Only there: elsewhere it may be tried on."""
    ledger, _, bad = await two_versions()
    await roll_back(ledger, bad.id)

    refused = await expect_refusal(ledger, request_deployment(ledger, version="2.0.0"))
    elsewhere = await request_deployment(ledger, version="2.0.0", environment="test")
    await unblock_version(ledger, "2.0.0")

    assert refused.code == "version_blocked"
    assert str(refused) == (
        "2.0.0 of shop is blocked in production since olga rolled back DEP-2; an operator can "
        "unblock it. Reason: It lost orders."
    )
    assert elsewhere.status is Status.APPROVED
    assert (await request_deployment(ledger, version="2.0.0")).status is Status.PENDING_APPROVAL


async def test_what_waits_with_the_bad_version_waits_on_at_its_gate() -> None:
    """It was asked for before anybody knew."""
    ledger, _, bad = await two_versions()
    waiting = await approve(ledger, await request_deployment(ledger, version="2.0.0"))
    await roll_back(ledger, bad.id)

    refused = await expect_refusal(ledger, perform_action(ledger, Action.START, waiting.id))
    await unblock_version(ledger, "2.0.0")

    assert refused.code == "version_blocked"
    assert (await perform_action(ledger, Action.START, waiting.id)).status is Status.STARTED


async def test_a_rollback_is_reviewed_as_any_other_unless_told_otherwise() -> None:
    """And whoever asked for it cannot approve it, neither themselves nor by what they made."""
    ledger, _, bad = await two_versions()
    await roll_back(ledger, bad.id, "bo")
    back = await last_of(ledger)

    refused = await expect_refusal(ledger, perform_action(ledger, Action.APPROVE, back.id, "Bo"))
    approved = await perform_action(ledger, Action.APPROVE, back.id, "ada")

    assert (refused.code, str(refused)) == (
        "self_review",
        "bo requested this deployment; somebody else must review it.",
    )
    assert len(approved.approvals) == 1


async def test_whoever_goes_back_for_another_cannot_approve_either() -> None:
    """The account that spoke and the person it spoke for are both behind the rollback."""
    ledger, _, bad = await two_versions()
    from_pipeline = Command(
        actor=an_actor("pipeline"), at=LATER, note="It lost orders.", requested_name="bo"
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
    assert [refused.code for refused in refusals] == ["self_review", "self_review"]


@pytest.mark.parametrize("execution", ExecutionMode)
async def test_a_rollback_may_need_no_review_and_start_by_itself(execution: ExecutionMode) -> None:
    """By policy, the system approves what was reviewed before, and says so."""
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


async def test_a_record_that_nobody_reviewed_is_no_way_round_the_reviewers() -> None:
    """What only a record tells of is asked for as any other, though rollbacks need no review."""
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
    assert (await last_of(ledger)).status is Status.STARTED  # by now it was reviewed


async def test_a_rollback_passes_freeze_order_promotion_and_soak() -> None:
    """It goes back to what is known to work: only the lane and its review keep it."""
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

    refused = await expect_refusal(
        ledger, perform_action(ledger, Action.START, (await approve(ledger, older)).id)
    )
    started = await perform_action(ledger, Action.START, back.id)

    assert refused.code == "upstream_missing"
    assert (started.status, newer.number) == (Status.STARTED, older.number + 1)


async def test_a_rollback_goes_back_behind_what_went_ahead_meanwhile() -> None:
    """It was asked for before, and is still wanted: it is not outdated."""
    ledger, _, bad = await two_versions()
    await roll_back(ledger, bad.id)
    back = await approve(ledger, await last_of(ledger))
    await deploy(ledger, version="3.0.0", at=LATER)

    started = await perform_action(ledger, Action.START, back.id)

    assert started.status is Status.STARTED


async def test_a_rollback_to_what_was_rolled_back_since_waits() -> None:
    """What it would go back to is blocked by now: it says so and starts nothing."""
    ledger, good, bad = await two_versions()
    await create_record(ledger, version="3.0.0", deployed_at=NOON - timedelta(days=1))
    await roll_back(ledger, bad.id)
    back = await approve(ledger, await last_of(ledger))
    await roll_back(ledger, good.id)

    refused = await expect_refusal(ledger, perform_action(ledger, Action.START, back.id))

    assert refused.code == "version_blocked"
    assert (await last_of(ledger)).version == "3.0.0"


async def test_the_lane_goes_on_when_something_is_rolled_back() -> None:
    """What waited to start by itself does, unless it is the very version that went."""
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


async def test_a_rollback_is_possible_where_nothing_new_is_taken_and_a_review_is_owed() -> None:
    """Nothing that keeps others out keeps anybody from going back."""
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
