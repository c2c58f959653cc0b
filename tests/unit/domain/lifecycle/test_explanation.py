"""What somebody is offered is what they can do, and every no has its reason."""

from contextlib import suppress
from copy import deepcopy
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.errors import Refusal
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext, LaneDeployment, LaneState
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import GateState
from gatepost_domain.lifecycle.explanation import Explanation, explain
from gatepost_domain.status import HUMAN_ACTIONS, Action, Status, allowed_actions
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_command, a_deployment, an_actor
from tests.support.domain.actions import bind_action, perform_action, run_sync
from tests.support.domain.generated_histories import PEOPLE, POLICIES, Scenario, scenarios
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status

BUSY = GateContext(lane=LaneState(started=LaneDeployment(number=9, version="2.0.0", since=NOON)))

people = st.sampled_from(list(PEOPLE.values()))


def explained(world: Scenario, number: int, actor: Actor) -> Explanation:
    command = Command(actor=actor, at=world.now)
    looking = partial(explain_deployment, reference=number, command=command)
    return run_sync(world.ledger.read_snapshot(looking))


def refusal_of(world: Scenario, action: Action, number: int, actor: Actor) -> str | None:
    """Why the action is refused when it is really taken, but not kept; none if it is not."""
    command = a_command(actor, at=world.now, note="Because it must be.")
    try:
        run_sync(world.ledger.read_snapshot(bind_action(action, number, command)))
    except Refusal as refusal:
        return str(refusal)
    return None


@given(scenarios(), people, st.data())
@settings(max_examples=300)
def test_every_offer_is_kept_and_every_no_is_meant(
    world: Scenario, actor: Actor, data: st.DataObject
) -> None:
    """What is offered succeeds, and what is not is refused with the very sentence told before."""
    number = data.draw(st.integers(1, world.count))

    offers = explained(world, number, actor).actions

    assert {offer.action: offer.reason for offer in offers} == {
        action: refusal_of(world, action, number, actor) for action in HUMAN_ACTIONS
    }
    assert all(offer.allowed == (offer.reason is None) for offer in offers)


@given(scenarios(), st.data())
@settings(max_examples=300)
def test_what_can_start_starts(world: Scenario, data: st.DataObject) -> None:
    """`can_start` is true exactly if a start, or a worker's claim, would begin the rollout.

    What workers carry out is queued first, and begins with the claim.
    """
    number = data.draw(st.integers(1, world.count))
    deployment = run_sync(world.ledger.deployment(number))

    can_start = explained(world, number, PEOPLE["zed"]).can_start

    worker_run = POLICIES[deployment.environment][1].execution is ExecutionMode.WORKER
    tried = deepcopy(world)
    if worker_run and deployment.status is Status.APPROVED:
        with suppress(Refusal):
            run_sync(
                perform_action(tried.ledger, Action.START, number, PEOPLE["zed"], at=tried.now)
            )
    begin = Action.CLAIM if worker_run else Action.START
    assert can_start == (refusal_of(tried, begin, number, PEOPLE["zed"]) is None)


@given(scenarios(), people, st.data())
@settings(max_examples=50)
def test_to_ask_changes_nothing(world: Scenario, actor: Actor, data: st.DataObject) -> None:
    """An explanation leaves the world as it was, and is the same when asked for again."""
    number = data.draw(st.integers(1, world.count))

    first = explained(world, number, actor)

    assert explained(world, number, actor) == first


def test_the_requester_is_told_why_they_may_not_approve() -> None:
    """The button is not merely gone: its reason is there."""
    explanation = explain(
        a_deployment(), QA_THEN_DEVOPS, GateContext(), actor=an_actor("ada"), at=NOON
    )

    approve, reject, *_ = explanation.actions
    assert (approve.action, approve.allowed) == (Action.APPROVE, False)
    assert approve.reason == "ada asked for this deployment; somebody else must review it."
    assert reject.reason == approve.reason


@pytest.mark.parametrize("status", Status)
def test_actions_are_offered_in_one_order_and_only_where_the_status_allows(status: Status) -> None:
    """All that a person can do is listed, claims never; a status offers only its moves.

    Beside them, what is not reviewed yet may do without, and what succeeded may go further.
    """
    deployment = deployment_with_status(status)

    explanation = explain(
        deployment, QA_THEN_DEVOPS, GateContext(), actor=an_actor("olga"), at=NOON
    )

    assert tuple(offer.action for offer in explanation.actions) == HUMAN_ACTIONS
    offered = {offer.action for offer in explanation.actions if offer.allowed}
    beside = {
        Status.PENDING_APPROVAL: {Action.BREAK_GLASS},
        Status.SUCCEEDED: {Action.PROMOTE},
    }
    assert offered == {*allowed_actions(status), *beside.get(status, ())}


def test_a_queued_deployment_can_start_once_its_lane_is_free() -> None:
    """Nobody is offered a start, yet a worker may begin."""
    queued = deployment_with_status(Status.QUEUED)

    waiting = explain(queued, WORKER_POLICY, BUSY, actor=an_actor("olga"), at=NOON)
    free = explain(queued, WORKER_POLICY, GateContext(), actor=an_actor("olga"), at=NOON)

    assert (waiting.can_start, free.can_start) == (False, True)
    assert waiting.gates == evaluate_gates(queued, WORKER_POLICY, BUSY)


def test_a_worker_run_deployment_is_offered_its_queue_while_the_lane_is_busy() -> None:
    """It may queue now and start later: the offer stands although the gate does not."""
    approved = deployment_with_status(Status.APPROVED, policy=WORKER_POLICY)

    explanation = explain(approved, WORKER_POLICY, BUSY, actor=an_actor("olga"), at=NOON)

    offers = {offer.action: offer.allowed for offer in explanation.actions}
    assert (explanation.can_start, offers[Action.START]) == (False, True)
    assert {gate.kind for gate in explanation.gates if gate.state is not GateState.OPEN} == {
        GateKind.LANE
    }
