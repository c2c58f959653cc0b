"""The event and the deployment fields written by each transition."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity, Means
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target, settings_digest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind, consent_digest
from gatepost_domain.deployments.emergency_record import Override
from gatepost_domain.deployments.errors.transitions import ReviewerCannotStart
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.event import EventKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.lifecycle import approval, cancellation_and_expiry, creation, execution
from gatepost_domain.status_transitions import Action, CancelReason, Status
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_request,
    a_stage,
    an_actor,
    an_id,
)
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status, transition

BUSY = GateContext(lane=LaneState(started=LaneDeployment(number=9, version="2.0.0", since=NOON)))
LATER = NOON + timedelta(hours=1)


def test_policy_can_forbid_reviewers_to_start() -> None:
    """Under such a policy, people who approved the deployment cannot start it."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, reviewer_may_start=False)
    approved = deployment_with_status(Status.APPROVED, policy=policy)

    with pytest.raises(ReviewerCannotStart) as refusal:
        transition(approved, Action.START, policy=policy, by="REVIEWER-1")

    assert refusal.value.code == "reviewer_may_not_start"
    assert str(refusal.value) == (
        "REVIEWER-1 approved this deployment; the policy of production requires somebody else "
        "to start it."
    )


def test_other_person_can_start_where_reviewers_cannot() -> None:
    """Only people who approved the deployment are excluded."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, reviewer_may_start=False)
    approved = deployment_with_status(Status.APPROVED, policy=policy)

    started, _ = transition(approved, Action.START, policy=policy, by="olga")

    assert started.status is Status.STARTED


def test_reviewer_can_start_by_default() -> None:
    """By default, a reviewer of the deployment is allowed to start it."""
    started, event = transition(
        deployment_with_status(Status.APPROVED), Action.START, by="reviewer-1"
    )

    assert (started.status, event.actor) == (Status.STARTED, "reviewer-1")


def test_worker_run_deployment_is_queued_while_the_lane_is_busy() -> None:
    """The deployment is queued, because its gates are evaluated when a worker claims it."""
    approved = deployment_with_status(Status.APPROVED, policy=WORKER_POLICY)

    queued, event = transition(approved, Action.START, policy=WORKER_POLICY, around=BUSY)

    assert queued.status is Status.QUEUED
    assert event.data == {"build_id": str(queued.build_id)}


def test_automatic_start_waits_for_closed_gates() -> None:
    """A deployment with a closed gate is left unchanged, and no error is raised."""
    approved = deployment_with_status(Status.APPROVED)
    command = Command(actor=SYSTEM, at=NOON)

    outcome = execution.start_if_gates_open(
        approved, QA_THEN_DEVOPS, BUSY, command, build_id=an_id()
    )

    assert outcome is None


def test_claim_in_a_busy_lane_is_refused() -> None:
    """Two workers cannot roll out to the same lane at the same time."""
    with pytest.raises(GateNotOpen) as refusal:
        transition(
            deployment_with_status(Status.QUEUED), Action.CLAIM, policy=WORKER_POLICY, around=BUSY
        )

    assert refusal.value.code == "lane_busy"
    assert refusal.value.status is Status.QUEUED
    assert refusal.value.allowed == (Action.CANCEL, Action.WITHDRAW)


def test_claim_records_the_worker_and_the_attempt() -> None:
    """The attempt number increases, and the build id stays the same."""
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
def test_start_event_has_the_state_of_each_gate(
    status: Status, action: Action, policy: Policy
) -> None:
    """The gates are recorded for starts by operators and by workers."""
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


def test_start_event_has_the_message_of_an_overridden_gate() -> None:
    """The message says who overrode the gate and why. Other gates have no message."""
    newer = GateContext(
        lane=LaneState(newest=LaneDeployment(number=99, version="2.0.0", since=NOON))
    )
    passed = Override(
        gate=GateKind.ORDER, code="outdated", actor="eve", at=NOON, reason="The new one is bad."
    )
    before = replace(deployment_with_status(Status.APPROVED), overrides=(passed,))

    _, event = transition(before, Action.START, around=newer)

    gates: Any = event.data["gates"]
    (overridden,) = [gate for gate in gates if "message" in gate]
    assert (overridden["kind"], overridden["state"], overridden["code"]) == (
        "order",
        "overridden",
        "outdated",
    )
    assert overridden["message"].startswith("Overridden by eve: The new one is bad. (")


def test_request_event_has_the_whole_request() -> None:
    """The event also contains the requester and the policy version."""
    request = a_request(notes="For the sale.")
    target = Target(
        service="shop",
        environment="production",
        settings=DEFAULT_TARGET_SETTINGS,
        revision=4,
        changed_at=NOON,
        changed_by="olga",
    )

    deployment, event = creation.create_requested(
        request,
        a_command("ada"),
        creation.CreationContext(
            id=an_id(),
            number=7,
            tier=Tier.PRODUCTION,
            artifact_digest="sha256:abc",
            policy=QA_THEN_DEVOPS,
            policy_version=3,
            target=target,
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
        "risk": request.risk,
        "rollback_plan": request.rollback_plan,
        "policy_version": 3,
        "target_version": 4,
        "target_digest": settings_digest(DEFAULT_TARGET_SETTINGS),
        "target_set_at": "2026-11-21T12:00:00.000000Z",
        "auto_start": False,
        "digest": consent_digest(deployment),
        "identities": [{"humans": ["ada"], "provenance": {}}],
    }


@pytest.mark.parametrize(
    ("auto_start", "by_policy", "starts"),
    [(None, True, True), (None, False, False), (False, True, False), (True, False, True)],
)
def test_request_can_set_automatic_start_before_the_policy(
    *, auto_start: bool | None, by_policy: bool, starts: bool
) -> None:
    """The request's own setting takes precedence. Without one, the policy decides."""
    deployment = a_deployment(policy=a_policy(auto_start=by_policy), auto_start=auto_start)

    assert deployment.auto_start is starts


def test_approval_event_has_what_was_approved() -> None:
    """The event and the approval have the same digest, stage and policy version."""
    pending = a_deployment()

    after, event = approval.approve(
        pending, QA_THEN_DEVOPS, a_command(an_actor("quinn", groups=["qa"]), note="Tested.")
    )

    (consent,) = after.approvals
    assert (consent.stage, consent.actor, consent.at) == ("qa", "quinn", NOON)
    assert (consent.note, consent.rules) == ("Tested.", (0,))
    assert consent.digest == consent_digest(pending)
    assert event.stage == "qa"
    assert event.data == {
        "digest": consent.digest,
        "policy_version": 1,
        "rules": [0],
        "groups": ["qa"],
        "identity": {"humans": ["quinn"], "provenance": {}},
        "independence": [],
    }


def test_approval_event_names_only_the_groups_of_the_stage() -> None:
    """The reviewer's other groups do not matter, so they are not recorded."""
    rules = ApprovalRule(group="qa"), ApprovalRule(group="ops"), ApprovalRule()
    policy = a_policy(a_stage("review", *rules))
    reviewer = an_actor(
        "robot",
        groups=["qa", "devops"],
        identity=Identity(humans=("carl",), provenance={"bo": Means.ACCOUNT}),
    )

    _, event = approval.approve(a_deployment(policy=policy), policy, a_command(reviewer))

    assert (event.data["rules"], event.data["groups"]) == ([0, 2], ["qa"])
    assert event.data["identity"] == {"humans": ["carl"], "provenance": {"bo": "account"}}


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_deciding_review_sets_the_reviewer(action: Action) -> None:
    """The last approval and a rejection both set the reviewer."""
    half = deployment_with_status(Status.PENDING_APPROVAL)
    half, _ = transition(half, Action.APPROVE, by="quinn")

    after, event = transition(half, action, by="dora")

    assert (after.reviewed_by, after.reviewed_at) == ("dora", NOON)
    assert event.stage == "devops"


def test_approval_by_policy_is_by_the_system() -> None:
    """The event names the system and the policy version."""
    pending = a_deployment(policy=a_policy(), environment="test", tier=Tier.TEST)

    approved, event = approval.approve_by_policy(
        pending, a_policy(), Command(actor=SYSTEM, at=LATER)
    )

    assert (approved.status, approved.approved_at) == (Status.APPROVED, LATER)
    assert (approved.reviewed_by, approved.approvals) == (None, ())
    assert (event.actor, event.note) == ("system", "Policy version 1 of test requires no approval.")
    assert event.data == {"policy_version": 1}


@pytest.mark.parametrize("reason", CancelReason)
def test_cancellation_records_its_reason(reason: CancelReason) -> None:
    """The deployment and its event contain the reason: withdrawn, superseded or expired."""
    cancelled, event = cancellation_and_expiry.cancel(
        a_deployment(), a_command("ada", note="Not needed."), reason=reason
    )

    assert cancelled.cancel_reason is reason
    assert event.data == {"reason": reason}


def test_manual_cancellation_defaults_to_reason_withdrawn() -> None:
    """If a person cancels without giving a reason, the reason is `withdrawn`."""
    cancelled, _ = transition(a_deployment(), Action.CANCEL)

    assert cancelled.cancel_reason is CancelReason.WITHDRAWN


def test_success_is_live_from_the_instant_it_is_reported() -> None:
    """The field `deployed_at` is set to the time of the report."""
    succeeded, _ = execution.succeed(
        deployment_with_status(Status.STARTED), a_command("olga", at=LATER)
    )

    assert succeeded.deployed_at == succeeded.finished_at == LATER


def test_failed_deployment_is_never_live() -> None:
    """The field `deployed_at` remains None."""
    failed, _ = transition(deployment_with_status(Status.STARTED), Action.FAIL)

    assert (failed.deployed_at, failed.finished_at) == (None, NOON)


@pytest.mark.parametrize("status", [Status.SUCCEEDED, Status.FAILED])
def test_rollback_keeps_the_times_of_the_rollout(status: Status) -> None:
    """The times at which the deployment finished and went live are kept."""
    ended = deployment_with_status(status)

    rolled_back, event = execution.roll_back(ended, a_command("olga", at=LATER, note="Errors."))

    assert (rolled_back.finished_at, rolled_back.deployed_at) == (NOON, ended.deployed_at)
    assert (event.at, event.from_status) == (LATER, status)


def test_rollback_of_a_started_deployment_finishes_it() -> None:
    """The finish time is the time of the rollback."""
    rolled_back, _ = execution.roll_back(
        deployment_with_status(Status.STARTED), a_command("olga", at=LATER, note="Stopped.")
    )

    assert (rolled_back.finished_at, rolled_back.deployed_at) == (LATER, None)


def test_actor_and_person_acted_for_are_both_recorded() -> None:
    """The event names the actor and the person acted for."""
    command = replace(a_command("pipeline"), on_behalf_of="olga")

    _, event = execution.succeed(deployment_with_status(Status.STARTED), command)

    assert (event.actor, event.on_behalf_of) == ("pipeline", "olga")
