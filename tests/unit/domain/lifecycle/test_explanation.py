"""What somebody is offered is what they can do, and every no has its reason."""

import pytest

from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext, LaneDeployment, LaneState
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import GateState
from gatepost_domain.lifecycle.explanation import explain
from gatepost_domain.status import HUMAN_ACTIONS, Action, Status, allowed_actions
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment, an_actor
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status

BUSY = GateContext(lane=LaneState(started=LaneDeployment(number=9, version="2.0.0", since=NOON)))


def test_the_requester_is_told_why_they_may_not_approve() -> None:
    """The button is not merely gone: its reason is there."""
    explanation = explain(
        a_deployment(), QA_THEN_DEVOPS, GateContext(), actor=an_actor("ada"), at=NOON
    )

    approve, reject, *_ = explanation.actions
    assert (approve.action, approve.allowed) == (Action.APPROVE, False)
    assert approve.reason == "ada requested this deployment; somebody else must review it."
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
