"""Which past deployments a policy would have held or refused, gate by gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.catalog.policy import (
    ApprovalRule,
    IndependentReviewers,
    LaneMode,
    Policy,
    RequiresMode,
    RollbackApprovals,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.simulation.history import (
    EnvironmentHistory,
    PastApproval,
    PastBreakGlass,
    PastDeployment,
    PastRollout,
    UpstreamDeployment,
)
from gatepost_domain.simulation.simulation import MAX_NUMBERS, GateCount, Outcome, simulate
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_policy, a_stage, a_user
from tests.support.domain.freezes import a_freeze

QUINN = a_user("quinn", groups=("qa",))
DEVIN = a_user("devin", groups=("devops", "qa"))
USERS = (QUINN, DEVIN)
APPROVED = (
    PastApproval(actor="quinn", is_dependent=False),
    PastApproval(actor="devin", is_dependent=False),
)


def hours(count: float) -> datetime:
    return NOON + timedelta(hours=count)


def past(**changes: Any) -> PastDeployment:
    """Build a request of shop 1 that was requested at noon, approved at 2 and started at 3."""
    fields: dict[str, Any] = {
        "number": 10,
        "kind": DeploymentKind.REQUEST,
        "service": "shop",
        "version": "1",
        "tier": Tier.PRODUCTION,
        "identities": (Identity(humans=("ada",)),),
        "at": hours(3),
        "created_at": NOON,
        "approved_at": hours(2),
        "started_by": "otto",
    }
    return PastDeployment(**(fields | changes))


def in_staging(at: datetime, **changes: Any) -> UpstreamDeployment:
    fields: dict[str, Any] = {
        "environment": "staging",
        "service": "shop",
        "version": "1",
        "number": 1,
        "deployed_at": at,
        "rolled_back_at": None,
    }
    return UpstreamDeployment(**(fields | changes))


def judge(
    policy: Policy, deployment: PastDeployment, **facts: Any
) -> tuple[Outcome, GateKind | None]:
    """Return the outcome of one deployment and the gate that decides it."""
    history = EnvironmentHistory(deployments=[deployment], **facts)
    simulation = simulate(history, policy, "production", USERS)
    outcomes = {
        Outcome.PASSED: simulation.passed,
        Outcome.HELD: simulation.held,
        Outcome.REFUSED: simulation.refused,
    }
    (outcome,) = [outcome for outcome, count in outcomes.items() if count]
    return outcome, simulation.by_gate[0].kind if simulation.by_gate else None


HELD_BY_APPROVAL = (Outcome.HELD, GateKind.APPROVAL)
REFUSED_BY_APPROVAL = (Outcome.REFUSED, GateKind.APPROVAL)
PASSED = (Outcome.PASSED, None)
RECORD = DeploymentKind.RECORD
ROLLBACK = DeploymentKind.ROLLBACK
DEPENDENT = (PastApproval(actor="quinn", is_dependent=True), APPROVED[1])
NO_ROLLBACK_APPROVALS = a_policy(a_stage("qa"), rollback_approvals=RollbackApprovals.NONE)


@pytest.mark.parametrize(
    ("policy", "changes", "expected"),
    [
        (QA_THEN_DEVOPS, {}, HELD_BY_APPROVAL),
        (QA_THEN_DEVOPS, {"approvals": APPROVED[:1]}, HELD_BY_APPROVAL),
        (QA_THEN_DEVOPS, {"approvals": APPROVED}, PASSED),
        (QA_THEN_DEVOPS, {"approvals": APPROVED[1:]}, HELD_BY_APPROVAL),
        (
            a_policy(a_stage("qa"), a_stage("devops"), distinct_reviewers=False),
            {"approvals": APPROVED[1:]},
            PASSED,
        ),
        (a_policy(a_stage("review", ApprovalRule(user="devin"))), {"approvals": APPROVED}, PASSED),
        (
            a_policy(a_stage("review", ApprovalRule(user="emma"))),
            {"approvals": APPROVED},
            HELD_BY_APPROVAL,
        ),
        (QA_THEN_DEVOPS, {"used_break_glass": True}, PASSED),
        (QA_THEN_DEVOPS, {"kind": RECORD}, PASSED),
        (NO_ROLLBACK_APPROVALS, {"kind": ROLLBACK}, PASSED),
        (NO_ROLLBACK_APPROVALS, {"kind": ROLLBACK, "unreviewed": True}, HELD_BY_APPROVAL),
        (
            a_policy(a_stage("qa"), independent_reviewers=IndependentReviewers.REQUIRED),
            {"approvals": DEPENDENT[:1]},
            HELD_BY_APPROVAL,
        ),
        (a_policy(reviewer_may_start=False), {"approvals": APPROVED}, PASSED),
        (
            a_policy(reviewer_may_start=False),
            {"approvals": APPROVED, "started_by": "quinn"},
            REFUSED_BY_APPROVAL,
        ),
        (a_policy(approval_expires_s=2 * 3600), {}, PASSED),
        (a_policy(approval_expires_s=2 * 3600 - 1), {}, REFUSED_BY_APPROVAL),
        (a_policy(approval_expires_s=2 * 3600), {"at": hours(4.1)}, REFUSED_BY_APPROVAL),
        (a_policy(approval_expires_s=1), {"kind": RECORD, "approved_at": None}, PASSED),
    ],
)
def test_approvals_that_were_given_count_for_the_proposed_stages(
    policy: Policy, changes: dict[str, Any], expected: tuple[Outcome, GateKind | None]
) -> None:
    """In any order, by the present groups of those who gave them, each person once."""
    assert judge(policy, past(**changes)) == expected


AFTER_STAGING = a_policy(requires=("staging",))
BOTH = a_policy(requires=("staging", "test"))
EITHER = a_policy(requires=("staging", "test"), requires_mode=RequiresMode.ANY)
SOAKED = a_policy(requires=("staging",), soak_s=2 * 3600)
HELD_BY_PROMOTION = (Outcome.HELD, GateKind.PROMOTION)
HELD_BY_SOAK = (Outcome.HELD, GateKind.SOAK)


@pytest.mark.parametrize(
    ("policy", "changes", "upstream", "expected"),
    [
        (AFTER_STAGING, {}, [], HELD_BY_PROMOTION),
        (AFTER_STAGING, {"kind": RECORD}, [], HELD_BY_PROMOTION),
        (AFTER_STAGING, {"kind": ROLLBACK}, [], PASSED),
        (AFTER_STAGING, {"overridden": frozenset({GateKind.PROMOTION})}, [], PASSED),
        (AFTER_STAGING, {"overridden": frozenset({GateKind.SOAK})}, [], HELD_BY_PROMOTION),
        (AFTER_STAGING, {}, [in_staging(hours(2))], PASSED),
        (AFTER_STAGING, {}, [in_staging(hours(4))], HELD_BY_PROMOTION),
        (AFTER_STAGING, {}, [in_staging(NOON, version="2")], HELD_BY_PROMOTION),
        (AFTER_STAGING, {}, [in_staging(NOON, service="cart")], HELD_BY_PROMOTION),
        (BOTH, {}, [in_staging(NOON)], HELD_BY_PROMOTION),
        (EITHER, {}, [in_staging(NOON)], PASSED),
        (
            a_policy(requires=("staging",), max_age_s=3600),
            {},
            [in_staging(NOON)],
            HELD_BY_PROMOTION,
        ),
        (SOAKED, {}, [in_staging(hours(1))], PASSED),
        (SOAKED, {}, [in_staging(hours(1.1))], HELD_BY_SOAK),
        (SOAKED, {"kind": ROLLBACK}, [], PASSED),
        (
            SOAKED,
            {},
            [in_staging(NOON), in_staging(hours(1), version="2", number=2)],
            HELD_BY_SOAK,
        ),
    ],
)
def test_success_in_the_required_environments_is_judged_as_of_the_start(
    policy: Policy,
    changes: dict[str, Any],
    upstream: list[UpstreamDeployment],
    expected: tuple[Outcome, GateKind | None],
) -> None:
    """Records are judged as of when they were deployed, and rollbacks need no success."""
    assert judge(policy, past(**changes), upstream=upstream) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (Outcome.HELD, GateKind.FREEZE)),
        ({"kind": RECORD}, (Outcome.HELD, GateKind.FREEZE)),
        ({"kind": ROLLBACK}, PASSED),
        ({"at": hours(6)}, PASSED),
        ({"overridden": frozenset({GateKind.FREEZE})}, PASSED),
    ],
)
def test_the_freezes_of_that_time_apply(
    changes: dict[str, Any], expected: tuple[Outcome, GateKind | None]
) -> None:
    """Until they were lifted."""
    assert judge(a_policy(), past(**changes), freezes=[a_freeze(lifted_at=hours(5))]) == expected


def rollout(number: int, *, queued: float | None, started: float, ended: float) -> PastRollout:
    return PastRollout(
        service="shop",
        number=number,
        queued_at=None if queued is None else hours(queued),
        started_at=hours(started),
        ended_at=hours(ended),
    )


QUEUED = {"queued_at": hours(2)}
BUSY = [rollout(9, queued=None, started=1, ended=2.5), rollout(10, queued=2, started=3, ended=4)]
NEWER = [rollout(10, queued=2, started=3, ended=4), rollout(11, queued=2.5, started=5, ended=6)]
LATER = [rollout(10, queued=2, started=3, ended=4), rollout(11, queued=3.5, started=5, ended=6)]


@pytest.mark.parametrize(
    ("mode", "changes", "rollouts", "expected"),
    [
        (LaneMode.QUEUE, QUEUED, BUSY, PASSED),
        (LaneMode.REJECT, QUEUED, BUSY, (Outcome.REFUSED, GateKind.LANE)),
        (LaneMode.REJECT, {**QUEUED, "auto_start": True}, BUSY, (Outcome.HELD, GateKind.LANE)),
        (LaneMode.REJECT, {"queued_at": hours(2.6)}, BUSY, PASSED),
        (LaneMode.REJECT, {}, BUSY, PASSED),
        (LaneMode.REJECT, {**QUEUED, "service": "cart"}, BUSY, PASSED),
        (LaneMode.SUPERSEDE, QUEUED, NEWER, (Outcome.REFUSED, GateKind.LANE)),
        (LaneMode.SUPERSEDE, {**QUEUED, "kind": ROLLBACK}, NEWER, PASSED),
        (LaneMode.SUPERSEDE, {**QUEUED, "kind": RECORD}, NEWER, PASSED),
        (LaneMode.SUPERSEDE, {**QUEUED, "service": "cart"}, NEWER, PASSED),
        (LaneMode.SUPERSEDE, QUEUED, LATER, PASSED),
        (LaneMode.QUEUE, QUEUED, NEWER, PASSED),
    ],
)
def test_the_lane_mode_is_judged_by_what_else_was_in_the_lane(
    mode: LaneMode,
    changes: dict[str, Any],
    rollouts: list[PastRollout],
    expected: tuple[Outcome, GateKind | None],
) -> None:
    """`reject` by what was in progress at the queueing, `supersede` by what was newer and first."""
    assert judge(a_policy(lane=mode), past(**changes), rollouts=rollouts) == expected


@pytest.mark.parametrize(
    ("changes", "closed_at", "expected"),
    [
        ({"automatic": True}, None, (Outcome.HELD, GateKind.AFTER_REVIEW)),
        ({"automatic": True}, hours(2), PASSED),
        ({"automatic": True, "at": hours(0.5)}, None, PASSED),
        ({}, None, PASSED),
    ],
)
def test_automatic_promotions_wait_for_after_reviews_that_would_have_been_overdue(
    changes: dict[str, Any], closed_at: datetime | None, expected: tuple[Outcome, GateKind | None]
) -> None:
    """The time until they are due is that of the proposed policy."""
    break_glasses = [PastBreakGlass(at=NOON, closed_at=closed_at)]

    judged = judge(a_policy(after_review_s=3600), past(**changes), break_glasses=break_glasses)

    assert judged == expected


def test_each_deployment_counts_once_at_the_first_gate_it_does_not_pass() -> None:
    """The gates are listed in evaluation order, each with its latest deployments."""
    policy = a_policy(a_stage("qa"), requires=("staging",), lane=LaneMode.REJECT)
    missing_all = [past(number=number) for number in range(1, 61)]
    missing_success = [past(number=number, approvals=APPROVED) for number in (100, 101)]
    records = [past(number=200, kind=RECORD), past(number=201, kind=ROLLBACK, unreviewed=True)]

    simulation = simulate(
        EnvironmentHistory(deployments=[*missing_all, *missing_success, *records]),
        policy,
        "production",
        USERS,
    )

    assert (simulation.considered, simulation.passed) == (64, 0)
    assert (simulation.held, simulation.refused, simulation.records) == (64, 0, 1)
    latest = (201, *range(60, 60 - MAX_NUMBERS + 1, -1))
    assert simulation.by_gate == (
        GateCount(kind=GateKind.APPROVAL, count=61, numbers=latest),
        GateCount(kind=GateKind.PROMOTION, count=3, numbers=(200, 101, 100)),
    )
