"""Histories that Gatepost itself records have no fault and prove the state of the deployment."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import given, settings

from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments import approval as approval_actions
from gatepost_domain.actions.deployments import request as request_actions
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.policy import (
    ApprovalRule,
    ExecutionMode,
    LaneMode,
    RollbackApprovals,
)
from gatepost_domain.deployments.claim import DEFAULT_LEASE, RolloutOutcome
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.errors import Denied
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.verification.deployment_history import check_history
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_request,
    a_stage,
    a_user,
    an_actor,
    an_id,
)
from tests.support.domain.actions import perform_action, request_deployment, run_sync
from tests.support.domain.claims import claim_task, finish
from tests.support.domain.freezes import a_freeze_request
from tests.support.domain.generated_histories import Scenario, scenarios
from tests.support.domain.promotion import (
    advance_to,
    all_deployments,
    approve,
    close_after_review,
    deploy,
    override,
    promote,
    promotion_ledger,
    roll_back,
)
from tests.support.domain.recorded_histories import (
    Json,
    assert_proves,
    columns_of,
    history_of,
    judge,
    policy_of,
)
from tests.support.domain.tracking import create_record, hide_deployment, history_row, import_rows
from tests.support.memory.ledger import InMemoryLedger

LATER: Final = NOON + timedelta(hours=1)
NEXT_WEEK: Final = NOON + timedelta(days=7)

MANUAL_PROMOTION: Final = a_policy(promotes_to="production")

Story = Callable[[InMemoryLedger], Coroutine[Any, Any, object]]
"""Actions on a ledger with a path from test to production, where both stages must approve."""

ADDED_DATA: Final = ("rules", "groups", "identity", "identities")
"""What older versions did not record in the data of events."""


async def start(ledger: InMemoryLedger, deployment: Deployment) -> None:
    await approve(ledger, deployment)
    await perform_action(ledger, Action.START, deployment.id)


async def succeed(ledger: InMemoryLedger) -> None:
    await deploy(ledger)


async def fail(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await start(ledger, deployment)
    await perform_action(ledger, Action.FAIL, deployment.id)


async def reject(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.APPROVE, deployment.id, "quinn")
    await perform_action(ledger, Action.REJECT, deployment.id, "dora")


async def withdraw(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await approve(ledger, deployment)
    await perform_action(ledger, Action.CANCEL, deployment.id, "ada")


async def break_glass_and_review(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.APPROVE, deployment.id, "quinn")
    await perform_action(ledger, Action.BREAK_GLASS, deployment.id, "eve")
    await perform_action(ledger, Action.START, deployment.id)
    await perform_action(ledger, Action.SUCCEED, deployment.id)
    await advance_to(ledger, NEXT_WEEK)
    await close_after_review(ledger, deployment.id, verdict=Verdict.UNJUSTIFIED, at=NEXT_WEEK)


async def break_glass_without_review(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await perform_action(ledger, Action.BREAK_GLASS, deployment.id, "ada")
    await perform_action(ledger, Action.CANCEL, deployment.id, "ada")


async def override_freeze(ledger: InMemoryLedger) -> None:
    command = a_command("otto")
    await ledger.perform(
        partial(
            impose_freeze, request=a_freeze_request(), command=command, id=an_id(), new_id=an_id
        )
    )
    deployment = await request_deployment(ledger)
    await override(ledger, deployment.id, GateKind.FREEZE)
    await start(ledger, deployment)


async def promote_to_production(ledger: InMemoryLedger) -> None:
    source = await deploy(ledger, "test")
    await start(ledger, await promote(ledger, source.id, environment="production"))


async def roll_back_and_redeploy(ledger: InMemoryLedger) -> None:
    await deploy(ledger, version="1.0.0", at=NOON)
    bad = await deploy(ledger, version="2.0.0", at=LATER)
    await roll_back(ledger, bad.id, at=NEXT_WEEK)


async def roll_back_only(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    await start(ledger, deployment)
    await roll_back(ledger, deployment.id, redeploy=False, at=LATER)


async def record_and_hide(ledger: InMemoryLedger) -> None:
    record = await create_record(ledger)
    await create_record(ledger, version="2.0.0", external_id="X-1", notes="By hand.")
    await create_record(ledger, external_id="X-1/failed", has_failed=True)
    await create_record(ledger, external_id="X-2", is_rollback=True)
    await hide_deployment(ledger, record.id)


async def import_and_hide(ledger: InMemoryLedger) -> None:
    await import_rows(ledger, [history_row(2), history_row(3, version="2.0.0")])
    await hide_deployment(ledger, 2)


async def deny_a_review(ledger: InMemoryLedger) -> None:
    deployment = await request_deployment(ledger)
    for action in (Action.APPROVE, Action.REJECT):
        with pytest.raises(Denied):
            await perform_action(ledger, action, deployment.id, "ada")
    with pytest.raises(Denied):
        await perform_action(ledger, Action.BREAK_GLASS, deployment.id, an_actor("zed", roles=()))


async def act_for_others(ledger: InMemoryLedger) -> None:
    command = replace(a_command("pipeline"), requested_name="olga", requested_user=a_user("olga"))
    deployment = await ledger.perform(
        lambda uow: request_actions.request_deployment(
            uow, a_request(notes="For the sale."), command, id=an_id(), new_id=an_id
        )
    )
    await start(ledger, deployment)


STORIES: Final[tuple[Story, ...]] = (
    succeed,
    fail,
    reject,
    withdraw,
    break_glass_and_review,
    break_glass_without_review,
    override_freeze,
    promote_to_production,
    roll_back_and_redeploy,
    roll_back_only,
    record_and_hide,
    import_and_hide,
    deny_a_review,
    act_for_others,
)


@pytest.mark.parametrize("story", STORIES)
async def test_recorded_history_has_no_fault(story: Story) -> None:
    """The events agree with each other, with the policy and with the stored deployment."""
    ledger = await promotion_ledger(test=MANUAL_PROMOTION)

    await story(ledger)

    for deployment in await all_deployments(ledger):
        assert_proves(ledger, deployment)


@pytest.mark.parametrize("story", STORIES)
async def test_history_of_an_older_version_has_no_fault(story: Story) -> None:
    """Events without identities, groups and rules are judged by what they contain."""
    ledger = await promotion_ledger(test=MANUAL_PROMOTION)

    await story(ledger)

    for deployment in await all_deployments(ledger):
        events = [as_recorded_before(event) for event in history_of(ledger, deployment)]
        policy = policy_of(ledger, deployment)
        assert check_history(events, policy, number=deployment.number).faults == []


def as_recorded_before(event: Json) -> Json:
    """Return an event as versions recorded it that did not name the responsible humans."""
    data = {name: value for name, value in event["data"].items() if name not in ADDED_DATA}
    return {**event, "data": data}


async def test_times_without_decimals_are_accepted() -> None:
    """The API leaves out the decimals of whole seconds; the outcome always has them."""
    ledger = await promotion_ledger()
    deployment = await deploy(ledger)
    events = [
        {**event, "at": event["at"].replace(".000000", "")}
        for event in history_of(ledger, deployment)
    ]

    judgement = check_history(events, policy_of(ledger, deployment), number=1)

    assert judgement.faults == []
    assert judgement.outcome["deployed_at"] == "2026-11-21T12:00:00.000000Z"


async def test_outcome_has_every_column_of_a_requested_deployment() -> None:
    """Nothing of the row can be changed without contradicting the events."""
    ledger = await promotion_ledger()
    deployment = await deploy(ledger)

    judgement = judge(ledger, deployment)

    assert judgement.outcome.keys() == columns_of(deployment).keys()


async def test_expiry_is_proved_until_the_deployment_starts_or_ends() -> None:
    """The time limit starts anew with the approval, and ends with the deployment."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=7200)
    ledger = await promotion_ledger(production=policy)
    deployment = await request_deployment(ledger)
    await approve(ledger, deployment, at=LATER)

    waiting = assert_proves(ledger, await ledger.deployment(1))
    await advance_to(ledger, NEXT_WEEK)
    expired = assert_proves(ledger, await ledger.deployment(1))

    assert waiting.outcome["expires_at"] == "2026-11-21T15:00:00.000000Z"
    assert (expired.outcome["status"], expired.outcome["cancel_reason"]) == ("cancelled", "expired")


async def test_superseded_deployments_are_proved() -> None:
    """A newer deployment of the lane cancels the older one, whose event names it."""
    policy = a_policy(lane=LaneMode.SUPERSEDE)
    ledger = await promotion_ledger(production=policy)
    await request_deployment(ledger)
    newer = await request_deployment(ledger, version="2.0.0")

    await perform_action(ledger, Action.START, newer.id)

    older = assert_proves(ledger, await ledger.deployment(1))
    assert older.outcome["superseded_by"] == str(newer.id)


async def test_automatic_promotion_and_start_are_proved() -> None:
    """The system requests, approves and starts what the policies say."""
    production = a_policy(auto_start=True)
    ledger = await promotion_ledger(production=production)

    await deploy(ledger, "test")

    source, promoted = await all_deployments(ledger)
    assert_proves(ledger, source)
    assert assert_proves(ledger, promoted).outcome["status"] == "started"


async def test_rollback_that_the_policy_exempts_is_proved() -> None:
    """The system approves the rollback although the policy has stages."""
    policy = replace(QA_THEN_DEVOPS, rollback_approvals=RollbackApprovals.NONE)
    ledger = await promotion_ledger(production=policy)

    await roll_back_and_redeploy(ledger)

    (*_, redeployed) = await all_deployments(ledger)
    await perform_action(ledger, Action.START, redeployed.id, at=NEXT_WEEK)
    assert_proves(ledger, await ledger.deployment(redeployed.id))


async def test_take_over_by_another_worker_is_proved() -> None:
    """The second worker continues the rollout after the lease of the first one has expired."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, execution=ExecutionMode.WORKER)
    ledger = await promotion_ledger(production=policy)
    deployment = await request_deployment(ledger)
    await start(ledger, deployment)
    await claim_task(ledger, "one")
    later = NOON + DEFAULT_LEASE + timedelta(seconds=1)

    task = await claim_task(ledger, "two", at=later)
    await finish(ledger, task.claim, RolloutOutcome.SUCCEEDED, at=later)

    judgement = assert_proves(ledger, await ledger.deployment(1))
    assert judgement.gates_at_start is not None
    assert [gate["state"] for gate in judgement.gates_at_start] == ["open"] * 7
    assert judgement.steps_event is not None
    assert judgement.steps_event["kind"] == "succeeded"
    assert (judgement.outcome["attempt"], judgement.outcome["worker"]) == (2, "worker:two")


async def test_reviewer_in_two_groups_is_proved_in_any_order() -> None:
    """The reviewer in both groups approves first, and the one in a single group completes it."""
    stage = a_stage("review", ApprovalRule(group="qa"), ApprovalRule(group="devops"))
    ledger = await promotion_ledger(production=a_policy(stage))
    await request_deployment(ledger)
    for reviewer in (an_actor("bo", groups=["qa", "devops"]), an_actor("quinn", groups=["qa"])):
        await perform_action(ledger, Action.APPROVE, 1, reviewer)

    await perform_action(ledger, Action.START, 1)

    assert_proves(ledger, await ledger.deployment(1))


async def test_unknown_policy_weakens_the_judgement() -> None:
    """Without the policy, one of two approvals is sufficient, but none is not."""
    ledger = await promotion_ledger()
    deployment = await deploy(ledger)
    events = history_of(ledger, deployment)

    judgement = check_history(events, None, number=1)

    assert judgement.faults == []
    assert "approved_stage" not in judgement.outcome


async def test_repeated_denials_are_recorded_without_status() -> None:
    """The event that counts repetitions can be recorded after the status has changed."""
    ledger = await promotion_ledger()
    deployment = await request_deployment(ledger)
    command: Command = a_command("ada")
    with pytest.raises(Denied) as denied:
        await ledger.perform(
            partial(
                approval_actions.approve_deployment,
                reference=1,
                command=command,
                stage=None,
                revision=None,
                new_id=an_id,
            )
        )
    await approve(ledger, deployment)
    events = history_of(ledger, deployment)
    assert denied.value.audit_event is not None
    counted = {
        **events[-1],
        "seq": events[-1]["seq"] + 1,
        "kind": "review_denied",
        "stage": None,
        "from_status": None,
        "to_status": None,
        "data": {**denied.value.audit_event.data, "count": 3},
        "prev_hash": events[-1]["hash"],
        "deployment_prev_hash": events[-1]["hash"],
    }

    judgement = check_history([*events, counted], policy_of(ledger, deployment), number=1)

    assert judgement.faults == []
    assert judgement.outcome["status"] == Status.APPROVED


@settings(deadline=None)
@given(scenarios())
def test_generated_histories_have_no_fault(scenario: Scenario) -> None:
    """Whatever people, workers and policies do, the events prove the deployments."""
    for deployment in run_sync(all_deployments(scenario.ledger)):
        assert_proves(scenario.ledger, deployment)
