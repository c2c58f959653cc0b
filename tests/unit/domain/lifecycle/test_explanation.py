"""Explaining which actions a person can take, and why others are not allowed."""

import pytest

from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.gate import GateState
from gatepost_domain.lifecycle.explanation import explain
from gatepost_domain.status_transitions import HUMAN_ACTIONS, Action, Status, actions_to_suggest
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment, an_actor
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status

BUSY = GateContext(lane=LaneState(started=LaneDeployment(number=9, version="2.0.0", since=NOON)))


def test_requester_is_told_why_they_cannot_approve() -> None:
    """The action is listed as not allowed, together with the reason."""
    explanation = explain(
        a_deployment(), QA_THEN_DEVOPS, GateContext(), actor=an_actor("ada"), at=NOON
    )

    approve, reject, *_ = explanation.actions
    assert (approve.action, approve.allowed) == (Action.APPROVE, False)
    assert approve.reason == "ada requested this deployment; somebody else must review it."
    assert reject.reason == approve.reason


@pytest.mark.parametrize("status", Status)
def test_actions_are_listed_in_one_order_and_allowed_by_status(status: Status) -> None:
    """All actions except claim are listed for people.

    Break-glass is also allowed while pending, and promotion after a success.
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
    assert offered == {*actions_to_suggest(status), *beside.get(status, ())} - {Action.WITHDRAW}


def test_only_the_reviewer_can_withdraw_an_approval() -> None:
    """The action is listed as allowed for whoever approved, and with the reason for others."""
    deployment = deployment_with_status(Status.APPROVED)

    offers = {
        name: next(
            offer
            for offer in explain(
                deployment, QA_THEN_DEVOPS, GateContext(), actor=an_actor(name), at=NOON
            ).actions
            if offer.action is Action.WITHDRAW
        )
        for name in ("reviewer-1", "olga")
    }

    assert offers["reviewer-1"].allowed
    assert offers["olga"].reason is not None
    assert offers["olga"].reason.startswith("olga has no approval of this deployment to withdraw")


def test_queued_deployment_can_start_once_its_lane_is_free() -> None:
    """The deployment has to wait while its lane is busy."""
    queued = deployment_with_status(Status.QUEUED)

    waiting = explain(queued, WORKER_POLICY, BUSY, actor=an_actor("olga"), at=NOON)
    free = explain(queued, WORKER_POLICY, GateContext(), actor=an_actor("olga"), at=NOON)

    assert (waiting.can_start, free.can_start) == (False, True)
    assert waiting.gates == evaluate_gates(queued, WORKER_POLICY, BUSY)


def test_worker_run_deployment_can_be_queued_while_the_lane_is_busy() -> None:
    """The start action is allowed although the lane gate is not open."""
    approved = deployment_with_status(Status.APPROVED, policy=WORKER_POLICY)

    explanation = explain(approved, WORKER_POLICY, BUSY, actor=an_actor("olga"), at=NOON)

    offers = {offer.action: offer.allowed for offer in explanation.actions}
    assert (explanation.can_start, offers[Action.START]) == (False, True)
    assert {gate.kind for gate in explanation.gates if gate.state is not GateState.OPEN} == {
        GateKind.LANE
    }
