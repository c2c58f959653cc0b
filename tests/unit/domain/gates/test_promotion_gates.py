"""The promotion, soak and after-review gates in each state, and overridden gates."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.catalog.policy import Policy, RequiresMode
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.emergency import Override
from gatepost_domain.freezes.evaluation import FreezeBlock
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.after_review import after_review_gate
from gatepost_domain.gates.approval import approval_gate
from gatepost_domain.gates.context import GateContext, LaneDeployment, LaneState, OverdueAfterReview
from gatepost_domain.gates.evaluation import GATES, OVERRIDABLE, evaluate_gates
from gatepost_domain.gates.gate import Gate, GateState
from gatepost_domain.gates.promotion import promotion_gate
from gatepost_domain.gates.restrictions import PromotionHold, VersionBlock
from gatepost_domain.gates.soak import soak_gate
from gatepost_domain.gates.upstream import UpstreamStatus
from gatepost_domain.status import Action
from tests.support.builders import NOON, QA_THEN_DEVOPS, a_deployment, a_policy, an_id
from tests.support.domain.freezes import a_freeze
from tests.support.domain.lifecycle import transition

EARLIER = NOON - timedelta(hours=1)
LATER = NOON + timedelta(hours=1)
LAST = NOON + timedelta(hours=2)
PLAIN = a_policy()
NEEDS_TEST = a_policy(requires=("test",), soak_s=3600, max_age_s=7200)
NEEDS_BOTH = replace(NEEDS_TEST, requires=("test", "staging"))
NEEDS_ANY = replace(NEEDS_BOTH, requires_mode=RequiresMode.ANY)

BLOCK = VersionBlock(
    service="shop",
    environment="production",
    version="1.0.0",
    at=EARLIER,
    by="olga",
    reason="It lost orders.",
    deployment_id=an_id(),
    number=7,
)
HOLD = PromotionHold(
    service="shop",
    environment="production",
    version="2.0.0",
    at=EARLIER,
    by="bo",
    deployment_id=an_id(),
    number=8,
)
OVERDUE = OverdueAfterReview(number=9, due_at=EARLIER)


def up(environment: str = "test", **changes: Any) -> UpstreamStatus:
    """Return an environment in which the version satisfies all requirements."""
    whole: dict[str, Any] = {"succeeded_at": EARLIER, "soaked_at": NOON, "soaked": True}
    return UpstreamStatus(environment=environment, **(whole | changes))


def missing(environment: str = "test") -> UpstreamStatus:
    return up(environment, succeeded_at=None, soaked_at=None, soaked=False)


def too_old(environment: str = "test") -> UpstreamStatus:
    return up(environment, too_old=True)


def soaking(environment: str = "test", **changes: Any) -> UpstreamStatus:
    return up(environment, soaked=False, **({"soaked_at": LATER} | changes))


def context(*upstream: UpstreamStatus, **changes: Any) -> GateContext:
    return GateContext(upstream=upstream, **changes)


def of_kind(
    kind: DeploymentKind = DeploymentKind.REQUEST, *, automatic: bool = False
) -> Deployment:
    return replace(a_deployment(), kind=kind, automatic=automatic)


PROMOTED = of_kind(DeploymentKind.PROMOTION, automatic=True)
ROLLBACK = of_kind(DeploymentKind.ROLLBACK)
ANYBODY = ("requester", "operator", "emergency")
REQUIRES = "production requires 1.0.0 to succeed in {} first; it has not, or was rolled back since."
TOO_OLD = "1.0.0 succeeded in {} longer ago than production allows (7200 s); deploy it there again."
BLOCKED = (
    "1.0.0 is blocked in production since olga rolled back DEP-7; an operator can unblock it. "
    "Reason: It lost orders."
)
HELD = (
    "bo deployed 2.0.0 of shop to production manually; automatic promotion is on hold until an "
    "operator releases it."
)
OPERATORS = ("operator", "emergency")


@pytest.mark.parametrize(
    ("deployment", "policy", "gate_context", "code", "message", "since", "who"),
    [
        (of_kind(), PLAIN, context(version_block=BLOCK), "version_blocked", BLOCKED, 1, OPERATORS),
        (ROLLBACK, PLAIN, context(version_block=BLOCK), "version_blocked", BLOCKED, 1, OPERATORS),
        (PROMOTED, PLAIN, context(promotion_hold=HOLD), "held", HELD, 1, OPERATORS),
        (
            PROMOTED,
            PLAIN,
            context(promotion_hold=HOLD, version_block=BLOCK),
            "version_blocked",
            BLOCKED,
            1,
            OPERATORS,
        ),
        (
            of_kind(),
            NEEDS_TEST,
            context(missing()),
            "upstream_missing",
            REQUIRES.format("test"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            context(missing(), missing("staging")),
            "upstream_missing",
            REQUIRES.format("test and staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            context(up(), missing("staging")),
            "upstream_missing",
            REQUIRES.format("staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_ANY,
            context(missing(), too_old("staging")),
            "upstream_missing",
            REQUIRES.format("test or staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_TEST,
            context(too_old()),
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
    gate_context: GateContext,
    code: str,
    message: str,
    since: int,
    who: tuple[str, ...],
) -> None:
    """A block comes before a hold, and a hold before missing environments."""
    assert promotion_gate(deployment, policy, gate_context) == Gate(
        kind=GateKind.PROMOTION,
        state=GateState.WAITING,
        code=code,
        message=message,
        since=EARLIER if since else None,
        opens_at=None,
        who_can_act=who,
    )


@pytest.mark.parametrize(
    ("deployment", "policy", "gate_context", "code", "message", "since"),
    [
        (of_kind(), PLAIN, context(), "promoted", "No earlier environment is required.", 0),
        (
            of_kind(),
            PLAIN,
            context(promotion_hold=HOLD),
            "promoted",
            "No earlier environment is required.",
            0,
        ),
        (of_kind(), NEEDS_TEST, context(up()), "promoted", "1.0.0 succeeded in test.", 1),
        (
            of_kind(),
            NEEDS_BOTH,
            context(up(), up("staging")),
            "promoted",
            "1.0.0 succeeded in test and staging.",
            1,
        ),
        (
            of_kind(),
            NEEDS_ANY,
            context(missing(), up("staging")),
            "promoted",
            "1.0.0 succeeded in staging.",
            1,
        ),
        (
            ROLLBACK,
            NEEDS_TEST,
            context(missing(), promotion_hold=HOLD),
            "promotion_passed",
            "Rollbacks redeploy a version that succeeded here before.",
            0,
        ),
    ],
)
def test_promotion_gate_is_open_after_success(
    deployment: Deployment,
    policy: Policy,
    gate_context: GateContext,
    code: str,
    message: str,
    since: int,
) -> None:
    """It says where the version succeeded; a hold applies to automatic promotions only."""
    assert promotion_gate(deployment, policy, gate_context) == Gate(
        kind=GateKind.PROMOTION,
        state=GateState.OPEN,
        code=code,
        message=message,
        since=EARLIER if since else None,
        opens_at=None,
        who_can_act=(),
    )


SOAKING = "1.0.0 must be live in {} for 3600 s without interruption{}."
UNTIL = ", which is expected at 2026-11-21 {}:00:00 UTC"


@pytest.mark.parametrize(
    ("policy", "upstream", "message", "opens_at"),
    [
        (NEEDS_TEST, [missing()], SOAKING.format("test", ""), None),
        (NEEDS_TEST, [soaking()], SOAKING.format("test", UNTIL.format(13)), LATER),
        (NEEDS_TEST, [soaking(soaked_at=None)], SOAKING.format("test", ""), None),
        (
            NEEDS_BOTH,
            [soaking(), soaking("staging", soaked_at=LAST)],
            SOAKING.format("test and staging", UNTIL.format(14)),
            LAST,
        ),
        (NEEDS_BOTH, [soaking(), missing("staging")], SOAKING.format("test and staging", ""), None),
        (
            NEEDS_ANY,
            [soaking(), soaking("staging", soaked_at=LAST)],
            SOAKING.format("test or staging", UNTIL.format(13)),
            LATER,
        ),
        (
            NEEDS_ANY,
            [soaking(), missing("staging")],
            SOAKING.format("test", UNTIL.format(13)),
            LATER,
        ),
        (
            NEEDS_ANY,
            [soaking(), too_old("staging")],
            SOAKING.format("test", UNTIL.format(13)),
            LATER,
        ),
    ],
)
def test_soak_gate_waits_for_the_soak_time(
    policy: Policy, upstream: list[UpstreamStatus], message: str, opens_at: object
) -> None:
    """It names the environments and, if known, when it opens.

    With mode `any`, only environments where the version succeeded count.
    """
    gate = soak_gate(a_deployment(), policy, context(*upstream))

    assert (gate.state, gate.code) == (GateState.WAITING, "soaking")
    assert (gate.message, gate.opens_at, gate.who_can_act) == (message, opens_at, ("emergency",))


@pytest.mark.parametrize(
    ("deployment", "policy", "upstream", "code", "message"),
    [
        (of_kind(), PLAIN, [], "no_soak", "No soak time required."),
        (ROLLBACK, NEEDS_TEST, [missing()], "soak_passed", "Rollbacks need no soak time."),
        (of_kind(), NEEDS_TEST, [up()], "soaked", "1.0.0 was live in test for 3600 s."),
        (
            of_kind(),
            NEEDS_BOTH,
            [up(), up("staging")],
            "soaked",
            "1.0.0 was live in test and staging for 3600 s.",
        ),
        (
            of_kind(),
            NEEDS_ANY,
            [soaking(), up("staging")],
            "soaked",
            "1.0.0 was live in staging for 3600 s.",
        ),
        (
            of_kind(),
            NEEDS_ANY,
            [too_old(), too_old("staging")],
            "soaked",
            "1.0.0 was live in test and staging for 3600 s.",
        ),
    ],
)
def test_soak_gate_is_open_after_the_soak_time(
    deployment: Deployment, policy: Policy, upstream: list[UpstreamStatus], code: str, message: str
) -> None:
    """It names the environments; rollbacks need no soak time."""
    gate = soak_gate(deployment, policy, context(*upstream))

    assert (gate.state, gate.code, gate.message) == (GateState.OPEN, code, message)
    assert (gate.since, gate.opens_at, gate.who_can_act) == (None, None, ())


def test_overdue_after_review_blocks_automatic_promotion() -> None:
    """The gate names the deployment, and that a reviewer can act."""
    assert after_review_gate(PROMOTED, PLAIN, context(overdue_review=OVERDUE)) == Gate(
        kind=GateKind.AFTER_REVIEW,
        state=GateState.WAITING,
        code="after_review_overdue",
        message=(
            "The after-review of DEP-9 was due 2026-11-21 11:00:00 UTC; automatic promotion to "
            "production is paused until a reviewer closes it."
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
    """Requests by people and rollbacks can start."""
    gate = after_review_gate(deployment, PLAIN, context(overdue_review=overdue))

    assert (gate.state, gate.code) == (GateState.OPEN, "nothing_owed")
    assert gate.message == "No overdue break-glass review."


def test_approval_gate_says_when_the_request_expires() -> None:
    """If the policy has a limit."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=3600)

    gate = approval_gate(a_deployment(policy=policy), policy, context())

    assert gate.message == (
        "Stage qa is missing approvals: 1 from group:qa. ada, who requested it, cannot approve "
        "it. It is cancelled if it is not approved by 2026-11-21 13:00:00 UTC."
    )


def test_approval_gate_shows_break_glass() -> None:
    """It is overridden, not open."""
    after, _ = transition(a_deployment(), Action.BREAK_GLASS, by="eve", note="The shop is down.")

    gate = approval_gate(after, QA_THEN_DEVOPS, context())

    assert (gate.state, gate.code) == (GateState.OVERRIDDEN, "broke_glass")
    assert gate.message == (
        "Approved without reviewers by eve (break-glass) for INC-1: The shop is down."
    )
    assert (gate.since, gate.who_can_act) == (NOON, ())


SHUT = GateContext(
    lane=LaneState(
        started=LaneDeployment(number=8, version="2.0.0", since=EARLIER),
        newest=LaneDeployment(number=8, version="2.0.0", since=EARLIER),
    ),
    freeze_block=FreezeBlock(freeze=a_freeze(), since=EARLIER, opens_at=None),
    upstream=(missing(),),
    overdue_review=OVERDUE,
)
"""Everything is in the way at once."""


def an_override(kind: GateKind, code: str) -> Override:
    return Override(gate=kind, code=code, actor="eve", at=NOON, reason="The shop is down.")


def test_override_applies_to_one_code_only() -> None:
    """An override of a missing success does not cover a version blocked later."""
    overridden = replace(PROMOTED, overrides=(an_override(GateKind.PROMOTION, "upstream_missing"),))
    blocked = replace(SHUT, version_block=BLOCK)

    promotion = next(
        gate
        for gate in evaluate_gates(overridden, NEEDS_TEST, blocked)
        if gate.kind is GateKind.PROMOTION
    )

    assert (promotion.state, promotion.code) == (GateState.WAITING, "version_blocked")


@pytest.mark.parametrize("kind", GateKind)
def test_only_the_overridden_gate_is_overridden(kind: GateKind) -> None:
    """It keeps its code and names who overrode it and why; nobody else needs to act."""
    policy = replace(NEEDS_TEST, approval_stages=QA_THEN_DEVOPS.approval_stages)
    before = {gate.kind: gate for gate in evaluate_gates(PROMOTED, policy, SHUT)}
    override = an_override(kind, before[kind].code)
    overridden = replace(PROMOTED, overrides=(override,))

    after = {gate.kind: gate for gate in evaluate_gates(overridden, policy, SHUT)}

    assert not any(gate.allows_start for gate in before.values())
    assert after == before | {
        kind: replace(
            before[kind],
            state=GateState.OVERRIDDEN,
            message=f"Overridden by eve: The shop is down. ({before[kind].message})",
            since=NOON,
            who_can_act=(),
        )
    }
    assert after[kind].allows_start


def test_open_gate_does_not_show_its_override() -> None:
    """A gate that has opened meanwhile is open."""
    overridden = replace(a_deployment(), overrides=(an_override(GateKind.FREEZE, "frozen"),))

    assert evaluate_gates(overridden, PLAIN, context()) == evaluate_gates(
        a_deployment(), PLAIN, context()
    )


def test_overridable_gates_name_the_emergency_role() -> None:
    """All except the approval and lane gates."""
    policy = replace(NEEDS_TEST, approval_stages=QA_THEN_DEVOPS.approval_stages)
    gates = evaluate_gates(PROMOTED, policy, SHUT)

    assert {gate.kind for gate in gates} == set(GateKind)
    assert len(GATES) == len(GateKind)
    assert set(GateKind) - OVERRIDABLE == {GateKind.APPROVAL, GateKind.LANE}
    assert {gate.kind for gate in gates if "emergency" in gate.who_can_act} == OVERRIDABLE
