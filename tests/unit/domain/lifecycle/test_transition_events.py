"""What each move writes into the history and onto the deployment."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind, consent_digest
from gatepost_domain.deployments.emergency import Override
from gatepost_domain.deployments.errors import ReviewerCannotStart
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext, LaneDeployment, LaneState
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.lifecycle import approval, cancellation, creation, rollout
from gatepost_domain.status import Action, CancelReason, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_request,
    an_actor,
    an_id,
)
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status, transition

BUSY = GateContext(lane=LaneState(started=LaneDeployment(number=9, version="2.0.0", since=NOON)))
LATER = NOON + timedelta(hours=1)


def test_a_reviewer_may_be_kept_from_starting() -> None:
    """Where the policy parts consent and carrying out, whoever approved does not start."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, reviewer_may_start=False)
    approved = deployment_with_status(Status.APPROVED, policy=policy)

    with pytest.raises(ReviewerCannotStart) as refused:
        transition(approved, Action.START, policy=policy, by="REVIEWER-1")

    assert refused.value.code == "reviewer_may_not_start"
    assert str(refused.value) == (
        "REVIEWER-1 approved this deployment; the policy of production requires somebody else "
        "to start it."
    )


def test_somebody_else_starts_where_reviewers_may_not() -> None:
    """The policy keeps out the reviewers, not those who did not review."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, reviewer_may_start=False)
    approved = deployment_with_status(Status.APPROVED, policy=policy)

    started, _ = transition(approved, Action.START, policy=policy, by="olga")

    assert started.status is Status.STARTED


def test_a_reviewer_may_start_by_default() -> None:
    """Small teams are not made to find a third person."""
    started, event = transition(
        deployment_with_status(Status.APPROVED), Action.START, by="reviewer-1"
    )

    assert (started.status, event.actor) == (Status.STARTED, "reviewer-1")


def test_a_busy_lane_stops_no_one_from_queueing() -> None:
    """A worker-run deployment waits in the queue; only its claim asks the gates."""
    approved = deployment_with_status(Status.APPROVED, policy=WORKER_POLICY)

    queued, event = transition(approved, Action.START, policy=WORKER_POLICY, around=BUSY)

    assert queued.status is Status.QUEUED
    assert event.data == {"build_id": str(queued.build_id)}


def test_a_start_by_itself_waits_at_a_closed_gate() -> None:
    """What cannot start yet is left as it is, and nobody is told no."""
    approved = deployment_with_status(Status.APPROVED)
    command = Command(actor=SYSTEM, at=NOON)

    outcome = rollout.start_if_open(approved, QA_THEN_DEVOPS, BUSY, command, build_id=an_id())

    assert outcome is None


def test_a_claim_of_a_busy_lane_is_refused() -> None:
    """Two workers never roll out to one place at the same time."""
    with pytest.raises(GateNotOpen) as refused:
        transition(
            deployment_with_status(Status.QUEUED), Action.CLAIM, policy=WORKER_POLICY, around=BUSY
        )

    assert refused.value.code == "lane_busy"
    assert (refused.value.status, refused.value.allowed) == (Status.QUEUED, (Action.CANCEL,))


def test_a_claim_names_the_worker_and_counts_the_attempt() -> None:
    """The record shows which worker carried it out, and the build keeps its id."""
    queued = deployment_with_status(Status.QUEUED)

    claimed, event = transition(queued, Action.CLAIM, policy=WORKER_POLICY)

    assert (claimed.worker, claimed.attempt) == ("worker:one", queued.attempt + 1)
    assert (claimed.build_id, claimed.queued_at) == (queued.build_id, queued.queued_at)
    assert event.actor == "worker:one"


@pytest.mark.parametrize(
    ("status", "action", "policy"),
    [
        (Status.APPROVED, Action.START, QA_THEN_DEVOPS),
        (Status.QUEUED, Action.CLAIM, WORKER_POLICY),
    ],
)
def test_a_start_tells_how_each_gate_stood(status: Status, action: Action, policy: Policy) -> None:
    """Nobody has to guess later what let it pass: it is in the event, whoever started it."""
    before = deployment_with_status(status, policy=policy)

    _, event = transition(before, action, policy=policy)

    assert event.data["gates"] == [
        {"kind": "approval", "state": "open", "code": "approved"},
        {"kind": "promotion", "state": "open", "code": "promoted"},
        {"kind": "soak", "state": "open", "code": "no_soak"},
        {"kind": "freeze", "state": "open", "code": "not_frozen"},
        {"kind": "lane", "state": "open", "code": "lane_free"},
        {"kind": "order", "state": "open", "code": "in_order"},
        {"kind": "after_review", "state": "open", "code": "nothing_owed"},
    ]


def test_a_start_tells_who_passed_a_gate_and_why() -> None:
    """A gate that was overridden keeps its sentence; the others need none."""
    newer = GateContext(
        lane=LaneState(newest=LaneDeployment(number=99, version="2.0.0", since=NOON))
    )
    passed = Override(
        gate=GateKind.ORDER, code="outdated", actor="eve", at=NOON, reason="The new one is bad."
    )
    before = replace(deployment_with_status(Status.APPROVED), overrides=(passed,))

    _, event = transition(before, Action.START, around=newer)

    gates: Any = event.data["gates"]
    (told,) = [each for each in gates if "message" in each]
    assert (told["kind"], told["state"], told["code"]) == ("order", "overridden", "outdated")
    assert told["message"].startswith("Overridden by eve: The new one is bad. (")


def test_a_request_starts_the_history_with_all_that_was_asked() -> None:
    """The first event alone tells what was asked for, by whom and under which policy."""
    asked = a_request(notes="For the sale.")

    deployment, event = creation.create_requested(
        asked,
        a_command("ada"),
        creation.CreationContext(
            id=an_id(),
            number=7,
            tier=Tier.PRODUCTION,
            artifact_digest="sha256:abc",
            policy=QA_THEN_DEVOPS,
            policy_version=3,
        ),
    )

    assert (deployment.status, deployment.revision) == (Status.PENDING_APPROVAL, 1)
    assert (deployment.kind, deployment.created_at) == (DeploymentKind.REQUEST, NOON)
    assert (event.kind, event.from_status) == (EventKind.REQUESTED, None)
    assert (event.to_status, event.note) == (Status.PENDING_APPROVAL, "For the sale.")
    assert event.data == {
        "number": 7,
        "kind": "request",
        "service": "shop",
        "environment": "production",
        "tier": "production",
        "version": "1.0.0",
        "artifact_digest": "sha256:abc",
        "requester": "ada",
        "work_references": ["SHOP-1"],
        "risk": asked.risk,
        "rollback_plan": asked.rollback_plan,
        "policy_version": 3,
        "auto_start": False,
        "digest": consent_digest(deployment),
    }


@pytest.mark.parametrize(
    ("asked", "by_policy", "starts"),
    [(None, True, True), (None, False, False), (False, True, False), (True, False, True)],
)
def test_the_request_decides_about_starting_by_itself_before_the_policy(
    *, asked: bool | None, by_policy: bool, starts: bool
) -> None:
    """The policy's word counts where the requester says nothing."""
    deployment = a_deployment(policy=a_policy(auto_start=by_policy), auto_start=asked)

    assert deployment.auto_start is starts


def test_an_approval_tells_what_was_consented_to() -> None:
    """The event and the consent bind to the same digest, stage and policy version."""
    pending = a_deployment()

    after, event = approval.approve(
        pending, QA_THEN_DEVOPS, a_command(an_actor("quinn", groups=["qa"]), note="Tested.")
    )

    (consent,) = after.approvals
    assert (consent.stage, consent.actor, consent.at) == ("qa", "quinn", NOON)
    assert (consent.note, consent.rules) == ("Tested.", (0,))
    assert consent.digest == consent_digest(pending)
    assert event.stage == "qa"
    assert event.data == {"digest": consent.digest, "policy_version": 1}


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_the_deciding_review_is_the_reviewer_of_record(action: Action) -> None:
    """Whoever settled the review is named, whichever way it went."""
    half = deployment_with_status(Status.PENDING_APPROVAL)
    half, _ = transition(half, Action.APPROVE, by="quinn")

    after, event = transition(half, action, by="dora")

    assert (after.reviewed_by, after.reviewed_at) == ("dora", NOON)
    assert event.stage == "devops"


def test_an_approval_by_policy_is_the_systems_and_names_the_policy() -> None:
    """Nobody seems to have approved what nobody was asked about."""
    pending = a_deployment(policy=a_policy(), environment="test", tier=Tier.TEST)

    approved, event = approval.approve_by_policy(pending, Command(actor=SYSTEM, at=LATER))

    assert (approved.status, approved.approved_at) == (Status.APPROVED, LATER)
    assert (approved.reviewed_by, approved.approvals) == (None, ())
    assert (event.actor, event.note) == ("system", "Policy version 1 of test requires no approval.")
    assert event.data == {"policy_version": 1}


@pytest.mark.parametrize("reason", CancelReason)
def test_a_cancellation_says_why(reason: CancelReason) -> None:
    """Withdrawn, superseded and expired are told apart, on the deployment and in its history."""
    cancelled, event = cancellation.cancel(
        a_deployment(), a_command("ada", note="Not needed."), reason=reason
    )

    assert cancelled.cancel_reason is reason
    assert event.data == {"reason": reason}


def test_a_withdrawal_is_the_usual_reason_to_cancel() -> None:
    """A person who cancels withdraws."""
    cancelled, _ = transition(a_deployment(), Action.CANCEL)

    assert cancelled.cancel_reason is CancelReason.WITHDRAWN


def test_a_success_stands_from_the_instant_it_is_reported() -> None:
    """The version stands in its environment from then on."""
    succeeded, _ = rollout.succeed(
        deployment_with_status(Status.STARTED), a_command("olga", at=LATER)
    )

    assert succeeded.deployed_at == succeeded.finished_at == LATER


def test_a_failure_never_stood() -> None:
    """What failed was never the current version."""
    failed, _ = transition(deployment_with_status(Status.STARTED), Action.FAIL)

    assert (failed.deployed_at, failed.finished_at) == (None, NOON)


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED])
def test_a_rollback_leaves_when_the_rollout_ended(status: Status) -> None:
    """When it ended, and since when it stood, stays true after it was reverted."""
    ended = deployment_with_status(status)

    rolled_back, event = rollout.roll_back(ended, a_command("olga", at=LATER, note="Errors."))

    assert (rolled_back.finished_at, rolled_back.deployed_at) == (NOON, ended.deployed_at)
    assert (event.at, event.from_status) == (LATER, status)


def test_a_rollback_under_way_ends_the_rollout() -> None:
    """What is reverted before its outcome is told ended there."""
    rolled_back, _ = rollout.roll_back(
        deployment_with_status(Status.STARTED), a_command("olga", at=LATER, note="Stopped.")
    )

    assert (rolled_back.finished_at, rolled_back.deployed_at) == (LATER, None)


def test_whoever_is_spoken_for_is_recorded_with_whoever_acts() -> None:
    """An account that acts for a person hides neither."""
    command = replace(a_command("pipeline"), on_behalf_of="olga")

    _, event = rollout.succeed(deployment_with_status(Status.STARTED), command)

    assert (event.actor, event.on_behalf_of) == ("pipeline", "olga")
