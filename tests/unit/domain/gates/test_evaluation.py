"""The approval, lane, order and freeze gates in each of their states."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.policy import ApprovalRule
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.deployments.lane_state import LaneDeployment, LaneState
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope, create_freeze
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext
from gatepost_domain.gates.errors import GateNotOpen
from gatepost_domain.gates.evaluation import evaluate_gates
from gatepost_domain.gates.freeze import freeze_gate
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.lane import lane_gate
from gatepost_domain.gates.outdated_deployment import order_gate
from gatepost_domain.lifecycle import approval
from gatepost_domain.status_transitions import Action, Status, actions_to_suggest
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_command,
    a_deployment,
    a_policy,
    a_stage,
    an_actor,
    an_id,
)
from tests.support.domain.lifecycle import WORKER_POLICY, deployment_with_status, transition

EARLIER = NOON - timedelta(hours=1)
LATER = NOON + timedelta(hours=1)
FREE = GateContext()


def lane(*, started: int | None = None, newest: int | None = None) -> GateContext:
    """Return a lane with these started and newest deployment numbers, both for 2.0.0."""

    def member(number: int | None) -> LaneDeployment | None:
        return (
            None
            if number is None
            else LaneDeployment(number=number, version="2.0.0", since=EARLIER)
        )

    return GateContext(lane=LaneState(started=member(started), newest=member(newest)))


def test_approval_gate_of_a_rejected_deployment_is_closed() -> None:
    """The gate says who rejected the deployment and when."""
    rejected, _ = approval.reject(
        a_deployment(), QA_THEN_DEVOPS, a_command("quinn", at=LATER, note="No.")
    )

    assert approval_gate(rejected, QA_THEN_DEVOPS, FREE) == Gate(
        kind=GateKind.APPROVAL,
        state=GateState.CLOSED,
        code="rejected",
        message="Rejected by quinn; create a new request to try again.",
        since=LATER,
        opens_at=None,
        who_can_act=(),
    )


def test_approval_gate_waits_for_the_open_stage() -> None:
    """The gate lists the missing approvals and the people who cannot approve."""
    assert approval_gate(a_deployment(), QA_THEN_DEVOPS, FREE) == Gate(
        kind=GateKind.APPROVAL,
        state=GateState.WAITING,
        code="approval_missing",
        message=(
            "Stage qa needs 1 more approval from group qa. ada, who requested the deployment, "
            "cannot approve it."
        ),
        since=NOON,
        opens_at=None,
        who_can_act=("group:qa",),
    )


def test_approval_gate_names_only_missing_approvals() -> None:
    """Rules that are already satisfied are not mentioned."""
    policy = a_policy(
        a_stage(
            "review",
            ApprovalRule(group="qa"),
            ApprovalRule(group="devops", required=2),
            ApprovalRule(user="carl"),
            ApprovalRule(),
        )
    )
    half, _ = approval.approve(
        a_deployment(), policy, a_command(an_actor("dora", groups=["devops"]))
    )

    gate = approval_gate(half, policy, FREE)

    assert gate.message == (
        "Stage review needs 1 more approval from group qa and 1 from group devops and 1 from "
        "carl and 1 from any reviewer. ada, who requested the deployment, cannot approve it."
    )
    assert gate.who_can_act == ("group:qa", "group:devops", "user:carl", "reviewer")


@pytest.mark.parametrize("status", [Status.APPROVED, Status.QUEUED])
def test_approval_gate_of_an_approved_deployment_is_open(status: Status) -> None:
    """The gate says who approved the deployment and when."""
    assert approval_gate(deployment_with_status(status), QA_THEN_DEVOPS, FREE) == Gate(
        kind=GateKind.APPROVAL,
        state=GateState.OPEN,
        code="approved",
        message="Approved by reviewer-2.",
        since=NOON,
        opens_at=None,
        who_can_act=(),
    )


def test_approval_gate_says_approved_by_policy() -> None:
    """The gate is open with the same message before and after the system's approval."""
    deployment = a_deployment(policy=a_policy())
    approved, _ = approval.approve_by_policy(
        deployment, a_policy(), Command(actor=an_actor("system"), at=LATER)
    )

    before = approval_gate(deployment, a_policy(), FREE)
    after = approval_gate(approved, a_policy(), FREE)

    assert (before.state, before.message, before.since) == (
        GateState.OPEN,
        "Approved by policy.",
        NOON,
    )
    assert (after.state, after.message, after.since) == (
        GateState.OPEN,
        "Approved by policy.",
        LATER,
    )


def test_lane_gate_waits_while_the_lane_is_busy() -> None:
    """The gate names the deployment in progress, its start time and who can end it."""
    assert lane_gate(a_deployment(), QA_THEN_DEVOPS, lane(started=7)) == Gate(
        kind=GateKind.LANE,
        state=GateState.WAITING,
        code="lane_busy",
        message=(
            "DEP-7 (2.0.0) is in progress. No other deployment of shop can start in production "
            "until it succeeds, fails or is rolled back."
        ),
        since=EARLIER,
        opens_at=None,
        who_can_act=("operator",),
    )


@pytest.mark.parametrize("around", [FREE, lane(newest=7)])
def test_lane_gate_is_open_without_a_rollout(around: GateContext) -> None:
    """A finished deployment does not occupy the lane."""
    assert lane_gate(a_deployment(), QA_THEN_DEVOPS, around) == Gate(
        kind=GateKind.LANE,
        state=GateState.OPEN,
        code="lane_free",
        message="No deployment of shop is in progress in production.",
        since=None,
        opens_at=None,
        who_can_act=(),
    )


@pytest.mark.parametrize(
    "kind", [kind for kind in DeploymentKind if kind is not DeploymentKind.ROLLBACK]
)
def test_order_gate_is_closed_after_a_newer_deployment(kind: DeploymentKind) -> None:
    """For any kind but a rollback, the gate is closed and names the newer deployment."""
    deployment = replace(a_deployment(number=6), kind=kind)

    assert order_gate(deployment, QA_THEN_DEVOPS, lane(newest=7)) == Gate(
        kind=GateKind.ORDER,
        state=GateState.CLOSED,
        code="outdated",
        message=(
            "DEP-7 (2.0.0) was requested later and has already started in production; request "
            "1.0.0 again if it is still needed."
        ),
        since=EARLIER,
        opens_at=None,
        who_can_act=("requester", "emergency"),
    )


@pytest.mark.parametrize("newest", [None, 5, 6])
def test_order_gate_is_open_for_the_newest_deployment(newest: int | None) -> None:
    """Only a deployment with a higher number closes the gate."""
    assert order_gate(a_deployment(number=6), QA_THEN_DEVOPS, lane(newest=newest)) == Gate(
        kind=GateKind.ORDER,
        state=GateState.OPEN,
        code="in_order",
        message="No newer deployment of shop has started in production.",
        since=None,
        opens_at=None,
        who_can_act=(),
    )


def test_order_gate_does_not_apply_to_rollbacks() -> None:
    """A newer release does not block a rollback."""
    rollback = replace(a_deployment(number=6), kind=DeploymentKind.ROLLBACK)

    assert order_gate(rollback, QA_THEN_DEVOPS, lane(newest=7)).state is GateState.OPEN


WINDOWED = (
    "Deployments of shop in production can start only in an allow window; none is open until "
    "21 November 2026, 12:00 UTC: The sale."
)


def blocked(
    effect: Effect, opens_at: datetime | None, scope: FreezeScope | None = None
) -> GateContext:
    request = FreezeRequest(effect=effect, scope=scope or FreezeScope(), reason="The sale.")
    freeze = create_freeze(request, freeze_id=an_id(), actor="olga", at=NOON)
    return GateContext(freeze_block=FreezeBlock(freeze=freeze, since=NOON, opens_at=opens_at))


@pytest.mark.parametrize(
    ("effect", "opens_at", "code", "message"),
    [
        (
            Effect.DENY,
            None,
            "frozen",
            "olga froze everything until it is lifted: The sale.",
        ),
        (
            Effect.DENY,
            NOON,
            "frozen",
            "olga froze everything until 21 November 2026, 12:00 UTC: The sale.",
        ),
        (
            Effect.ALLOW,
            NOON,
            "outside_window",
            WINDOWED,
        ),
    ],
)
def test_freeze_gate_says_who_why_and_until_when(
    effect: Effect, opens_at: datetime | None, code: str, message: str
) -> None:
    """The gate describes the freeze and who can act. Without a freeze, the gate is open."""
    gate = freeze_gate(a_deployment(), QA_THEN_DEVOPS, blocked(effect, opens_at))

    assert (gate.state, gate.code, gate.message) == (GateState.WAITING, code, message)
    assert (gate.since, gate.opens_at, gate.who_can_act) == (
        NOON,
        opens_at,
        ("operator", "emergency"),
    )
    assert freeze_gate(a_deployment(), QA_THEN_DEVOPS, FREE).state is GateState.OPEN


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (FreezeScope(environment="production"), "production"),
        (FreezeScope(tier=Tier.PRODUCTION), "tier production"),
        (FreezeScope(service="shop"), "shop"),
        (FreezeScope(service="shop", environment="production"), "shop in production"),
        (FreezeScope(), "everything"),
    ],
)
def test_freeze_gate_names_what_is_frozen(scope: FreezeScope, text: str) -> None:
    """It is the scope of the freeze, which may be wider than the deployment."""
    gate = freeze_gate(a_deployment(), QA_THEN_DEVOPS, blocked(Effect.DENY, None, scope))

    assert gate.message == f"olga froze {text} until it is lifted: The sale."


def test_freeze_gate_does_not_apply_to_rollbacks() -> None:
    """Neither a deny freeze nor a closed allow window blocks a rollback."""
    rollback = replace(a_deployment(), kind=DeploymentKind.ROLLBACK)

    gate = freeze_gate(rollback, QA_THEN_DEVOPS, blocked(Effect.DENY, None))

    assert (gate.state, gate.code) == (GateState.OPEN, "freeze_passed")


@pytest.mark.parametrize("status", Status)
def test_gates_exist_only_before_the_start(status: Status) -> None:
    """Waiting deployments have all gates, and rejected ones only the approval gate.

    Deployments in all other statuses have none.
    """
    kinds = [
        gate.kind for gate in evaluate_gates(deployment_with_status(status), QA_THEN_DEVOPS, FREE)
    ]

    match status:
        case Status.PENDING_APPROVAL | Status.APPROVED | Status.QUEUED:
            assert kinds == list(GateKind)
        case Status.REJECTED:
            assert kinds == [GateKind.APPROVAL]
        case _:
            assert kinds == []


@pytest.mark.parametrize(
    ("around", "code"),
    [
        (lane(started=9), "lane_busy"),
        (lane(newest=9), "outdated"),
        (lane(started=9, newest=9), "lane_busy"),
        (lane(started=1, newest=9), "lane_busy"),
    ],
)
@pytest.mark.parametrize(
    ("status", "action"), [(Status.APPROVED, Action.START), (Status.QUEUED, Action.CLAIM)]
)
def test_refused_start_has_the_code_and_message_of_the_gate(
    around: GateContext, code: str, status: Status, action: Action
) -> None:
    """The refusal comes from the first gate that is not open."""
    deployment = deployment_with_status(status, number=6)
    gates = {gate.code: gate for gate in evaluate_gates(deployment, QA_THEN_DEVOPS, around)}

    with pytest.raises(GateNotOpen) as refusal:
        transition(
            deployment,
            action,
            around=around,
            policy=WORKER_POLICY if action is Action.CLAIM else QA_THEN_DEVOPS,
        )

    assert (refusal.value.code, refusal.value.gate) == (code, gates[code])
    assert str(refusal.value) == gates[code].message
    assert refusal.value.status is status
    assert refusal.value.allowed == actions_to_suggest(status)


@pytest.mark.parametrize(
    ("status", "action"), [(Status.APPROVED, Action.START), (Status.QUEUED, Action.CLAIM)]
)
def test_deployment_starts_when_its_gates_are_open(status: Status, action: Action) -> None:
    """The deployment can be started or claimed after an older one has succeeded."""
    deployment = deployment_with_status(status, number=6)

    started, _ = transition(deployment, action, around=lane(newest=5))

    assert started.status is Status.STARTED
