"""The promotion and after-review gates, and the expiry of a request."""

from dataclasses import replace

import pytest

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext, OverdueAfterReview
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.overdue_after_review import after_review_gate
from gatepost_domain.gates.promotion import promotion_gate
from tests.support.builders import QA_THEN_DEVOPS, a_deployment, a_policy, an_id
from tests.support.domain.gates import (
    BLOCK,
    EARLIER,
    NEEDS_ANY,
    NEEDS_BOTH,
    NEEDS_TEST,
    NO_REQUIREMENTS,
    OVERDUE,
    PROMOTED,
    ROLLBACK,
    a_context,
    missing,
    of_kind,
    rolled_back,
    too_old,
    up,
)

HOLD = AutoPromotionHold(
    service="shop",
    environment="production",
    version="2.0.0",
    at=EARLIER,
    by="bo",
    deployment_id=an_id(),
    number=8,
)

ANYBODY = ("requester", "operator", "emergency")
REQUIRES = "production requires 1.0.0 to succeed in {} first; {}."
TOO_OLD = (
    "1.0.0 succeeded in {0} longer ago than the policy of production allows (7200 s); "
    "deploy it to {0} again."
)
BLOCKED = (
    "1.0.0 is blocked in production because olga rolled back DEP-7; an operator can unblock it. "
    "Reason: It lost orders."
)

HELD = (
    "bo deployed 2.0.0 of shop to production manually; automatic promotion is on hold until an "
    "operator releases it."
)

OPERATORS = ("operator", "emergency")


@pytest.mark.parametrize(
    ("deployment", "policy", "context", "code", "message", "since", "who"),
    [
        (
            of_kind(),
            NO_REQUIREMENTS,
            a_context(version_block=BLOCK),
            "version_blocked",
            BLOCKED,
            1,
            OPERATORS,
        ),
        (
            ROLLBACK,
            NO_REQUIREMENTS,
            a_context(version_block=BLOCK),
            "version_blocked",
            BLOCKED,
            1,
            OPERATORS,
        ),
        (PROMOTED, NO_REQUIREMENTS, a_context(promotion_hold=HOLD), "held", HELD, 1, OPERATORS),
        (
            PROMOTED,
            NO_REQUIREMENTS,
            a_context(promotion_hold=HOLD, version_block=BLOCK),
            "version_blocked",
            BLOCKED,
            1,
            OPERATORS,
        ),
        (
            of_kind(),
            NEEDS_TEST,
            a_context(missing()),
            "upstream_missing",
            REQUIRES.format("test", "it has not succeeded in test"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            a_context(missing(), missing("staging")),
            "upstream_missing",
            REQUIRES.format("test and staging", "it has not succeeded in test or staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            a_context(up(), missing("staging")),
            "upstream_missing",
            REQUIRES.format("staging", "it has not succeeded in staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_ANY,
            a_context(missing(), too_old("staging")),
            "upstream_missing",
            REQUIRES.format(
                "test or staging",
                "it has not succeeded in test; its success in staging is too long ago",
            ),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            a_context(rolled_back(), replace(missing("staging"), unchecked_record=8)),
            "upstream_missing",
            REQUIRES.format(
                "test and staging",
                "it succeeded in test, but DEP-7 was rolled back there on 21 November 2026, "
                "11:00 UTC; DEP-8 records it in staging, but without the required checks",
            ),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_TEST,
            a_context(too_old()),
            "upstream_too_old",
            TOO_OLD.format("test"),
            0,
            ANYBODY,
        ),
    ],
)
def test_promotion_gate_waits_and_says_who_can_act(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    code: str,
    message: str,
    since: int,
    who: tuple[str, ...],
) -> None:
    """The gate reports one reason and who can act on it.

    A block is reported before a hold, and a hold before missing environments.
    """
    assert promotion_gate(deployment, policy, context) == Gate(
        kind=GateKind.PROMOTION,
        state=GateState.WAITING,
        code=code,
        message=message,
        since=EARLIER if since else None,
        opens_at=None,
        who_can_act=who,
    )


@pytest.mark.parametrize(
    ("deployment", "policy", "context", "code", "message", "since"),
    [
        (
            of_kind(),
            NO_REQUIREMENTS,
            a_context(),
            "promoted",
            "No earlier environment is required.",
            0,
        ),
        (
            of_kind(),
            NO_REQUIREMENTS,
            a_context(promotion_hold=HOLD),
            "promoted",
            "No earlier environment is required.",
            0,
        ),
        (of_kind(), NEEDS_TEST, a_context(up()), "promoted", "1.0.0 succeeded in test.", 1),
        (
            of_kind(),
            NEEDS_BOTH,
            a_context(up(), up("staging")),
            "promoted",
            "1.0.0 succeeded in test and staging.",
            1,
        ),
        (
            of_kind(),
            NEEDS_ANY,
            a_context(missing(), up("staging")),
            "promoted",
            "1.0.0 succeeded in staging.",
            1,
        ),
        (
            ROLLBACK,
            NEEDS_TEST,
            a_context(missing(), promotion_hold=HOLD),
            "promotion_passed",
            "Rollbacks redeploy a version that succeeded here before.",
            0,
        ),
    ],
)
def test_promotion_gate_is_open_after_success(
    deployment: Deployment,
    policy: Policy,
    context: GateContext,
    code: str,
    message: str,
    since: int,
) -> None:
    """The gate says where the version succeeded. Holds only apply to automatic promotions."""
    assert promotion_gate(deployment, policy, context) == Gate(
        kind=GateKind.PROMOTION,
        state=GateState.OPEN,
        code=code,
        message=message,
        since=EARLIER if since else None,
        opens_at=None,
        who_can_act=(),
    )


def test_overdue_after_review_blocks_automatic_promotion() -> None:
    """The gate names the deployment and says that a reviewer can act."""
    assert after_review_gate(PROMOTED, NO_REQUIREMENTS, a_context(overdue_review=OVERDUE)) == Gate(
        kind=GateKind.AFTER_REVIEW,
        state=GateState.WAITING,
        code="after_review_overdue",
        message=(
            "The break-glass review of DEP-9 was due 21 November 2026, 11:00 UTC; automatic "
            "promotion to production is paused until a reviewer closes that review."
        ),
        since=EARLIER,
        opens_at=None,
        who_can_act=("reviewer", "emergency"),
    )


@pytest.mark.parametrize(
    ("deployment", "overdue"),
    [
        (PROMOTED, None),
        (of_kind(), OVERDUE),
        (of_kind(DeploymentKind.PROMOTION), OVERDUE),
        (ROLLBACK, OVERDUE),
    ],
)
def test_overdue_after_review_blocks_nothing_else(
    deployment: Deployment, overdue: OverdueAfterReview | None
) -> None:
    """Rollbacks and requests made by people can still start."""
    gate = after_review_gate(deployment, NO_REQUIREMENTS, a_context(overdue_review=overdue))

    assert (gate.state, gate.code) == (GateState.OPEN, "nothing_owed")
    assert gate.message == "No break-glass review is overdue."


def test_approval_gate_says_when_the_request_expires() -> None:
    """If the policy sets a limit, the message says when the deployment will be cancelled."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=3600)

    gate = approval_gate(a_deployment(policy=policy), policy, a_context())

    assert gate.message == (
        "Stage qa needs 1 more approval from group qa. ada, who requested the deployment, cannot "
        "approve it. The deployment is cancelled if it is not approved by 21 November 2026, "
        "13:00 UTC."
    )
