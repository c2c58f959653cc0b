"""The gates of promotion, soak and after-review in each state, and gates that were passed."""

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
    """An environment in which the version did all that is asked."""
    whole: dict[str, Any] = {"succeeded_at": EARLIER, "soaked_at": NOON, "soaked": True}
    return UpstreamStatus(environment=environment, **(whole | changes))


def missing(environment: str = "test") -> UpstreamStatus:
    return up(environment, succeeded_at=None, soaked_at=None, soaked=False)


def too_old(environment: str = "test") -> UpstreamStatus:
    return up(environment, too_old=True)


def soaking(environment: str = "test", **changes: Any) -> UpstreamStatus:
    return up(environment, soaked=False, **({"soaked_at": LATER} | changes))


def around(*upstream: UpstreamStatus, **changes: Any) -> GateContext:
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
    ("which", "policy", "situation", "code", "message", "since", "who"),
    [
        (of_kind(), PLAIN, around(version_block=BLOCK), "version_blocked", BLOCKED, 1, OPERATORS),
        (ROLLBACK, PLAIN, around(version_block=BLOCK), "version_blocked", BLOCKED, 1, OPERATORS),
        (PROMOTED, PLAIN, around(promotion_hold=HOLD), "held", HELD, 1, OPERATORS),
        (
            PROMOTED,
            PLAIN,
            around(promotion_hold=HOLD, version_block=BLOCK),
            "version_blocked",
            BLOCKED,
            1,
            OPERATORS,
        ),
        (
            of_kind(),
            NEEDS_TEST,
            around(missing()),
            "upstream_missing",
            REQUIRES.format("test"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            around(missing(), missing("staging")),
            "upstream_missing",
            REQUIRES.format("test and staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_BOTH,
            around(up(), missing("staging")),
            "upstream_missing",
            REQUIRES.format("staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_ANY,
            around(missing(), too_old("staging")),
            "upstream_missing",
            REQUIRES.format("test or staging"),
            0,
            ANYBODY,
        ),
        (
            of_kind(),
            NEEDS_TEST,
            around(too_old()),
            "upstream_too_old",
            TOO_OLD.format("test"),
            0,
            ANYBODY,
        ),
    ],
)
def test_what_is_kept_out_is_told_why_and_who_can_help(
    which: Deployment,
    policy: Policy,
    situation: GateContext,
    code: str,
    message: str,
    since: int,
    who: tuple[str, ...],
) -> None:
    """The gate of promotion waits: a block before a hold before what is missing upstream."""
    assert promotion_gate(which, policy, situation) == Gate(
        kind=GateKind.PROMOTION,
        state=GateState.WAITING,
        code=code,
        message=message,
        since=EARLIER if since else None,
        opens_at=None,
        who_can_act=who,
    )


@pytest.mark.parametrize(
    ("which", "policy", "situation", "code", "message", "since"),
    [
        (of_kind(), PLAIN, around(), "promoted", "No earlier environment is required.", 0),
        (
            of_kind(),
            PLAIN,
            around(promotion_hold=HOLD),
            "promoted",
            "No earlier environment is required.",
            0,
        ),
        (of_kind(), NEEDS_TEST, around(up()), "promoted", "1.0.0 succeeded in test.", 1),
        (
            of_kind(),
            NEEDS_BOTH,
            around(up(), up("staging")),
            "promoted",
            "1.0.0 succeeded in test and staging.",
            1,
        ),
        (
            of_kind(),
            NEEDS_ANY,
            around(missing(), up("staging")),
            "promoted",
            "1.0.0 succeeded in staging.",
            1,
        ),
        (
            ROLLBACK,
            NEEDS_TEST,
            around(missing(), promotion_hold=HOLD),
            "promotion_passed",
            "Rollbacks redeploy a version that succeeded here before.",
            0,
        ),
    ],
)
def test_what_did_well_before_is_let_in(
    which: Deployment, policy: Policy, situation: GateContext, code: str, message: str, since: int
) -> None:
    """The gate says where it succeeded; a hold keeps out only what comes by itself."""
    assert promotion_gate(which, policy, situation) == Gate(
        kind=GateKind.PROMOTION,
        state=GateState.OPEN,
        code=code,
        message=message,
        since=EARLIER if since else None,
        opens_at=None,
        who_can_act=(),
    )


STAND = "1.0.0 must be live in {} for 3600 s without interruption{}."
UNTIL = ", which is expected at 2026-11-21 {}:00:00 UTC"


@pytest.mark.parametrize(
    ("policy", "upstream", "message", "opens_at"),
    [
        (NEEDS_TEST, [missing()], STAND.format("test", ""), None),
        (NEEDS_TEST, [soaking()], STAND.format("test", UNTIL.format(13)), LATER),
        (NEEDS_TEST, [soaking(soaked_at=None)], STAND.format("test", ""), None),
        (
            NEEDS_BOTH,
            [soaking(), soaking("staging", soaked_at=LAST)],
            STAND.format("test and staging", UNTIL.format(14)),
            LAST,
        ),
        (NEEDS_BOTH, [soaking(), missing("staging")], STAND.format("test and staging", ""), None),
        (
            NEEDS_ANY,
            [soaking(), soaking("staging", soaked_at=LAST)],
            STAND.format("test or staging", UNTIL.format(13)),
            LATER,
        ),
        (
            NEEDS_ANY,
            [soaking(), missing("staging")],
            STAND.format("test", UNTIL.format(13)),
            LATER,
        ),
        (
            NEEDS_ANY,
            [soaking(), too_old("staging")],
            STAND.format("test", UNTIL.format(13)),
            LATER,
        ),
    ],
)
def test_what_has_not_stood_long_enough_waits(
    policy: Policy, upstream: list[UpstreamStatus], message: str, opens_at: object
) -> None:
    """The gate says where it must stand and, where it can be told, until when.

    Where one environment is enough, it is no other than one it succeeded in.
    """
    gate = soak_gate(a_deployment(), policy, around(*upstream))

    assert (gate.state, gate.code) == (GateState.WAITING, "soaking")
    assert (gate.message, gate.opens_at, gate.who_can_act) == (message, opens_at, ("emergency",))


@pytest.mark.parametrize(
    ("which", "policy", "upstream", "code", "message"),
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
def test_what_has_stood_long_enough_goes_on(
    which: Deployment, policy: Policy, upstream: list[UpstreamStatus], code: str, message: str
) -> None:
    """The gate says where it stood; a rollback need not."""
    gate = soak_gate(which, policy, around(*upstream))

    assert (gate.state, gate.code, gate.message) == (GateState.OPEN, code, message)
    assert (gate.since, gate.opens_at, gate.who_can_act) == (None, None, ())


def test_a_debt_keeps_what_comes_by_itself_waiting() -> None:
    """It says whose judgement is overdue, and that a reviewer can end it."""
    assert after_review_gate(PROMOTED, PLAIN, around(overdue_review=OVERDUE)) == Gate(
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
    ("which", "overdue"),
    [
        (PROMOTED, None),
        (of_kind(), OVERDUE),
        (of_kind(DeploymentKind.PROMOTION), OVERDUE),
        (ROLLBACK, OVERDUE),
    ],
)
def test_a_debt_keeps_nothing_else_waiting(
    which: Deployment, overdue: OverdueAfterReview | None
) -> None:
    """What a person asks for, and above all a rollback, goes on."""
    gate = after_review_gate(which, PLAIN, around(overdue_review=overdue))

    assert (gate.state, gate.code) == (GateState.OPEN, "nothing_owed")
    assert gate.message == "No overdue break-glass review."


def test_a_request_says_when_it_expires() -> None:
    """Whoever waits for reviewers reads how long."""
    policy = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=3600)

    gate = approval_gate(a_deployment(policy=policy), policy, around())

    assert gate.message == (
        "Stage qa is missing approvals: 1 from group:qa. ada, who requested it, cannot approve "
        "it. It is cancelled if it is not approved by 2026-11-21 13:00:00 UTC."
    )


def test_broken_glass_stays_visible() -> None:
    """The gate of approval is never just open where nobody approved."""
    after, _ = transition(a_deployment(), Action.BREAK_GLASS, by="eve", note="The shop is down.")

    gate = approval_gate(after, QA_THEN_DEVOPS, around())

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


def test_a_gate_that_is_shut_for_another_reason_was_not_passed() -> None:
    """To do without a success upstream is no leave to deploy what was rolled back since."""
    passed = replace(PROMOTED, overrides=(an_override(GateKind.PROMOTION, "upstream_missing"),))
    blocked = replace(SHUT, version_block=BLOCK)

    promotion = next(
        gate
        for gate in evaluate_gates(passed, NEEDS_TEST, blocked)
        if gate.kind is GateKind.PROMOTION
    )

    assert (promotion.state, promotion.code) == (GateState.WAITING, "version_blocked")


@pytest.mark.parametrize("kind", GateKind)
def test_only_the_gate_that_was_passed_is_overridden(kind: GateKind) -> None:
    """It keeps its code, names who passed it and why, and nobody is asked to act on it."""
    policy = replace(NEEDS_TEST, approval_stages=QA_THEN_DEVOPS.approval_stages)
    before = {gate.kind: gate for gate in evaluate_gates(PROMOTED, policy, SHUT)}
    override = an_override(kind, before[kind].code)
    passed = replace(PROMOTED, overrides=(override,))

    after = {gate.kind: gate for gate in evaluate_gates(passed, policy, SHUT)}

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


def test_an_override_of_an_open_gate_is_not_shown() -> None:
    """What has opened by itself in the meantime is simply open."""
    passed = replace(a_deployment(), overrides=(an_override(GateKind.FREEZE, "frozen"),))

    assert evaluate_gates(passed, PLAIN, around()) == evaluate_gates(
        a_deployment(), PLAIN, around()
    )


def test_every_gate_but_reviewers_and_the_lane_can_be_passed_and_says_so() -> None:
    """Whoever may pass a gate is named by it, and by no other."""
    policy = replace(NEEDS_TEST, approval_stages=QA_THEN_DEVOPS.approval_stages)
    gates = evaluate_gates(PROMOTED, policy, SHUT)

    assert {gate.kind for gate in gates} == set(GateKind)
    assert len(GATES) == len(GateKind)
    assert set(GateKind) - OVERRIDABLE == {GateKind.APPROVAL, GateKind.LANE}
    assert {gate.kind for gate in gates if "emergency" in gate.who_can_act} == OVERRIDABLE
